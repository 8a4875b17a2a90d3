"""Leads: children nobody has found yet, each with its evidence and a person who decides. Owns leads; not the registers."""
