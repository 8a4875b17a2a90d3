"""Reading a county's census workbook as it really looks: rows in, each with its fields, its reasons and its verdict.

Owns formats, headers, cells and verdicts, in plain Python without a database. Does not own deliveries, matching or applying.
"""
