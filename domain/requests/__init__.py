"""Requests 事项: one from logging to rating."""
