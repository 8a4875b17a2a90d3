"""A synthetic city's registers as Parquet files, with documented errors and the truth about who is who.

Nobody in them exists. Every share (errors, states, registers) stands in policy/synth.yaml with its standing; the columns
of each register are in docs/registers.md. Numbers are drawn with NumPy and written out as text by DuckDB, so that a
hundred thousand people take seconds. The order: people.py (households, names, numbers), states.py (what befell them),
mistakes.py (what each office wrote wrong), registers.py (the files).
"""
