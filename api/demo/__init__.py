"""A simulated city in a home of its own."""
