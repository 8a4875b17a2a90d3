"""The demonstration county: 鄄城县 with synthetic people, deterministic by seed, loaded in bulk.

Owns how synthetic families and their records are drawn, and the demonstration accounts. Owns no rule: what a category,
a visit or a duty is stands in the rooms below; `check` holds the bulk rows against the rooms' own operations.
"""
