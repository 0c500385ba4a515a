"""Floor 1: what may happen. Pure rules of public legal service: no I/O, no clock, no chance."""
