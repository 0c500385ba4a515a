"""Doors to complaints 投诉."""
