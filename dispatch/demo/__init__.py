"""The demonstration: what a newcomer finds after `make run`."""
