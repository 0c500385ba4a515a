"""Evaluations 考核: what a run reads, computes and shows."""
