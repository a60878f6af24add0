"""Who can help: experts, their skills and absences, and who is nearest. It knows of no crisis."""
