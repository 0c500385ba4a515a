"""Doors to reports 报表."""
