"""Boards: figures of a place with their definitions, map or bars, table and CSV. Owns pages; insight counts."""
