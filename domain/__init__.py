"""Floor 1: what may happen. Pure rules of the public legal service: no I/O, no clock, no randomness."""
