"""The pages of dispatch: the crisis form and status, the offer page, the duty board."""
