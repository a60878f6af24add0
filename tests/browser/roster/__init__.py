"""The doors of the roster in a real Chromium."""
