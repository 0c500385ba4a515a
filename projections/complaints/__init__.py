"""Complaints 投诉: the board, and statistics of criticism."""
