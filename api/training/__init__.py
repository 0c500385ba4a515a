"""Training and legal helpers over HTTP."""
