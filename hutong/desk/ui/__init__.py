"""The design system: Jinja2 environment, base template, macros, styles. Owns looks; no data."""
