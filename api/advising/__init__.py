"""Doors to legal advisers 法律顾问: points, terms, work logs, evidence."""
