"""The seal: keys, checkpoints, witness, proofs."""
