"""Child files: list, file page, new child, and what changes a file. Pages only; people and wellbeing decide."""
