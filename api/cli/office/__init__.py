"""Commands by which an office is founded: init, token, import, publish."""
