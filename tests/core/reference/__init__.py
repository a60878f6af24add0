"""Reference rows: what ships, what people change, what they import."""
