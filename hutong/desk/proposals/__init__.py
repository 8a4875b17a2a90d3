"""Category proposals: what waits for a second person, and what asks for a look. Pages only."""
