"""Ground for every room: ids, periods, working days, ciphers, states, refusals, row security, events. Knows no domain."""
