"""The doors of dispatch in a real Chromium."""
