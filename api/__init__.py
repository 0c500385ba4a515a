"""Floor 4: the doors. JSON, command line, and the composition root."""
