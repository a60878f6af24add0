"""What a call for help may say: read, checked against what is known, and changed later."""
