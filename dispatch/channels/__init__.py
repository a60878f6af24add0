"""One small client for each way of reaching a person."""
