"""Who is needed now: crisis requests, offers, texts and missions."""
