"""The search page. Pages only; people.search finds."""
