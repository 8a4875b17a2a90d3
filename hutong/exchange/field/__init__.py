"""What phones send: taken one by one, safe to repeat, never blocking each other. Kinds are files in `kinds`."""
