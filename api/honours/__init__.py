"""Doors to marks and awards 示范、网红、特色、先进."""
