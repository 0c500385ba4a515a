"""Making stored views: the view protocol, rows that supersede one another, COPY."""
