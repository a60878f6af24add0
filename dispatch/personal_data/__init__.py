"""What dispatch keeps of people: found for them, erased for them, forgotten when it is old."""
