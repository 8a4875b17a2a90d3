"""A department's file at the door: any form in, checked rows out, encrypted and without identity numbers.

Owns opening a file, finding its columns by contract (policy.feeds), checks, quarantine and tokens, in plain Python and SQL of
DuckDB, without a database. Does not own agreements, deliveries or who may send.
"""

from hutong.exchange.feeds.checking import Bad, Reason
from hutong.exchange.feeds.door import Outcome, through

__all__ = ["Bad", "Outcome", "Reason", "through"]
