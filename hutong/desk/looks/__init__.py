"""Who looked at what. Pages only; kernel.looks records."""
