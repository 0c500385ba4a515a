"""Joint conferences and surveys over HTTP."""
