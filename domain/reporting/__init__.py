"""Reporting 报表: submitted tables, ends of periods, disclosures."""
