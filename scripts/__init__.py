"""Programs for whoever works on the project; nothing of the application imports them."""
