"""Restricted files: who may see one, setting and lifting the restriction. Pages only; people.restrictions decides."""
