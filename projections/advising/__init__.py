"""Legal advisers 法律顾问 seen from outside: directory, terms, duty, work logs."""
