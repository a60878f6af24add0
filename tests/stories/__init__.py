"""Whole stories, a few lines each: a crisis is filed, a phone buzzes, time passes, another does."""
