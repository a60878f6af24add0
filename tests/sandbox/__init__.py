"""Tests of the pretend Twilio, driven by the real client."""
