"""Pages on persons registered twice: pairs to judge, joining, taking back. Comparing and joining are in people."""
