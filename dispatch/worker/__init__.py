"""The worker process: its loop, its turns, its command."""
