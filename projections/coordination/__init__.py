"""Coordination: joint conferences, their open follow-ups and surveys, as stored views."""
