"""What it costs, always as a ratio against another way measured in the same run."""
