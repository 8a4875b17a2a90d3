"""Pages on notices: one's own, and what was sent outside the platform. Notices are staff's, sending is the gateway's."""
