"""Reporting 报表: statutory tables, submitted reports, adjustments."""
