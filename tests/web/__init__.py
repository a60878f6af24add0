"""Tests of the doors: pages and the API, as browsers and programs use them."""
