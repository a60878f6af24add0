"""Changes of many at once in the browser: previewed person by person, applied, undone."""
