"""A short help for each task, in the words of the person who does it. Owns texts; no data."""
