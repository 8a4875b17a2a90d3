"""Signing in and one's own account: password, second factor, activation by slip, language. Owns no tables."""
