"""Regions, languages, skills, crisis kinds, services, offices, places: rows, never constants."""
