"""Floor 2: what did happen. The one append-only log, and the only code that writes it."""
