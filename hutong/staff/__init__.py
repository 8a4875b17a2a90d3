"""Users, posts, grants, notices and rate limits. Owns who may act; not what is acted on."""
