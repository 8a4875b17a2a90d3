"""What departments send, as data: one contract a feed, in the words of Frictionless Table Schema, and the limits of the door.

Owns the shapes and the contracts in *.yaml. Does not own the door that checks a file by them (exchange.feeds), nor agreements.
"""

from hutong.policy.feeds.contracts import LIMITS, Feed, Field, Limits, feeds, table_schema

__all__ = ["LIMITS", "Feed", "Field", "Limits", "feeds", "table_schema"]
