"""Scoring 评分: facts, duty, evidence, arithmetic. The whole folder travels in a bundle."""
