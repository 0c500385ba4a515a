"""Registers 名册: what deciders look up. Events, state and fold only; no commands."""
