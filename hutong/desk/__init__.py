"""Pages for offices, one sub-package a domain. Owns views, forms and templates; no tables, no decisions."""
