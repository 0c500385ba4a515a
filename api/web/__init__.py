"""Machinery of HTTP; it knows no noun."""
