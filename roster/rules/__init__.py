"""The pure rules of the roster: no database, no web, no clock."""
