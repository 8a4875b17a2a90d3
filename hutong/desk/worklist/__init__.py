"""The first page: what I have to do, by deadline and attention. Pages only; duties says what is owed."""
