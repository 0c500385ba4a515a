"""How views are kept: followed, rebuilt, swapped."""
