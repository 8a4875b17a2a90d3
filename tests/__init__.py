"""Tests are sentences about what the product does."""
