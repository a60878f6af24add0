"""Who is asked next: free, fit, nearest; and who would be, without asking anybody."""
