"""Promises 时限: a deadline that was given, and whether it was kept."""
