"""Doors to requests 事项 and ratings 好差评."""
