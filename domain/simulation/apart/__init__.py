"""Lives that came later to the city, and draw nothing from the source of the others."""
