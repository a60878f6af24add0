"""The pure rules of dispatch: no database, no web, no clock."""
