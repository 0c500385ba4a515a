"""History 经过: what happened to one thing, and its promises."""
