"""Feeds in and out: receive, parse, check, quarantine, match, propose, apply. Owns deliveries and their rows; not the persons they become."""
