"""Partner API, health and readiness, and notices to channels outside. Owns no tables."""
