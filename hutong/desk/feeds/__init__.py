"""Departments' data: what came, when, how good; agreements; deliveries; and the search through them."""
