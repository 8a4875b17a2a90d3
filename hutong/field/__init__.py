"""The phone app's sync API. Owns no tables: operations and conflicts are deliveries and live in exchange."""
