"""People and posts: lists by area, villages without a director, appointing, handing over, slips. Owns no tables."""
