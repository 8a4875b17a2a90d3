"""Faults played on the phone app: seeded schedules, a wire that misbehaves, a server that dies, and mutants to be caught."""
