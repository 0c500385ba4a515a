"""Rows of other systems, imported."""
