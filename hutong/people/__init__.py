"""Persons, kinship, households, circumstances, child files, categories, sealed identifiers and search tokens. Owns who a child is; not what is done for the child."""
