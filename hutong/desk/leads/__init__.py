"""Leads of the registers: the list, the evidence of one, and how each rule has done."""
