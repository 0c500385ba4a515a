"""Doors to the log: timelines, proofs, the seal."""
