"""Accounts 账号: who may sign in, and the posts he acts for."""
