"""Verification: is the log what was signed?"""
