"""How anything comes in over HTTP. Knows no noun."""
