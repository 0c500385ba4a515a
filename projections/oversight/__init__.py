"""Oversight 检查督导: inspections, rectifications, promises."""
