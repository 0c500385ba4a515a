"""Doors to evaluations 考核."""
