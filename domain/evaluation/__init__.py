"""Evaluations 考核: rule sets, scoring by people, determinations, objections."""
