"""Pages on what phones sent and a person must decide. Conflicts are the exchange's."""
