"""Marks and awards 示范、网红、特色、先进：of points, villages, advisers and officers."""
