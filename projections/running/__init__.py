"""Keeping views: following the log, rebuilding, swapping."""
