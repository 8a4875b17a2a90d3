"""The synthetic city of the benches: one county's worth of files drawn in Python, then cast eleven times in SQL.

Owns a database of its own beside the one in use. Knows the tables it fills, their keys included, since it takes indexes
and foreign keys off while it loads. What it leaves out against the demonstration: row histories of the first state,
contacts older than four weeks, answers but of the last visit.
"""
