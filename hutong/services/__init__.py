"""Programmes, volunteers, pairings and activities. Owns offers and who came; not the child's file."""
