"""A child's life as recorded by people: visits, contacts, flags, entrusted care. Owns these facts; not the duties they settle."""
