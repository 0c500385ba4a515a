"""Asking views: periods, rules, bases, as known at a position."""
