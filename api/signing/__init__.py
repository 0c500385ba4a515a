"""Signing in: passwords, second factors, sessions, tokens, throttles. Outside the log."""
