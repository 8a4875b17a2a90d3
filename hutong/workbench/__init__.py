"""Demonstration county, synthetic city and benches. Needs every room; no room needs it."""
