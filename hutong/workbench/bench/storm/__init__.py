"""The sync storm: every phone of the city at once. Owns its ground, its load and its floor; no product code."""
