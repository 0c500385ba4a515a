"""Accounts 账号: posts, standing in, emergencies."""
