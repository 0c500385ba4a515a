"""Complaints 投诉: what happened to one, what may happen, and who may see it."""
