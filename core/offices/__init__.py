"""An office's own page: what it says of itself, edited by its focal points."""
