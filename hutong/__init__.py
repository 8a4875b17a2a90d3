"""Hutong (护童): the child-protection platform of a municipality."""
