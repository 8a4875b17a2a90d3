"""Partner API, health and readiness. Owns no tables."""
