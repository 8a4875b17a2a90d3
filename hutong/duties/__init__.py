"""Obligations turned into dated rows: the engine, duties, waivers and escalation. Owns all clocks; not the facts they read."""
