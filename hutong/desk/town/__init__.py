"""The supervisor's page for the way: what in the area waits for a person, as counts that lead to the lists. Owns no rows."""
