"""Founding: the first facts of a home."""
