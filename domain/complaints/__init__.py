"""Complaints 投诉: events and state, commands, and visibility."""
