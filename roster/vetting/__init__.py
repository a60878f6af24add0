"""The doors of examining: the queue, the case page, the referee's form, the appeal."""
