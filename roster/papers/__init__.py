"""Papers that people hand in: what they are, where they lie, who may have them."""
