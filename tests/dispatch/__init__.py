"""The decision: who is asked, when, and what their answers lead to; on both databases."""
