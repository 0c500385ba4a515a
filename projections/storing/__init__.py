"""How stored views are made: the view protocol, rows that supersede one another, COPY."""
