"""Hazards: found, assigned, removed, verified. Owns hazards and patrols; not the children near them."""
