"""A pretend Twilio on loopback, with phones to see and to answer, for the demo and the tests.

It knows Twilio's wire format and nothing of the application that it serves.
"""
