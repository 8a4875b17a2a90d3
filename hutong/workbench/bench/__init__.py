"""Measuring pages against a floor: the same data SQL through a Django view without middleware that returns the same bytes.

Owns the load client, the floor and the comparison. Both servers run at once and are measured in turns, so that a busy
machine slows both; only ratios of one run mean anything.
"""
