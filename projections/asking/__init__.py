"""How views are asked: periods, rules, bases, as known at a position."""
