"""Pages on urgent reports: what came in, and saying that one has it. Reports are casework's."""
