"""Crashes, races, a lying provider: what must hold when things go wrong."""
