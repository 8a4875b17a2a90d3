"""Divisions (effective-dated) and organisations. Owns where things are; knows no person."""
