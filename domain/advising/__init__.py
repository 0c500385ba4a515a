"""Legal advisers 法律顾问 at work: terms in villages, and the work log."""
