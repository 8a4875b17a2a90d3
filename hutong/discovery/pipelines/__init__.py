"""Plain SQL over Parquet on DuckDB: no Django, no database of the product, so that a run can be repeated anywhere.

Owns linkage of registers. Does not own what a lead means or who decides it: the room's rules and pages do.
"""
