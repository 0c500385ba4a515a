"""How stored views are made: what one must offer, rows that supersede one another, COPY."""
