"""Promises 时限: what was promised until when, and whether it was kept."""
