"""Requests 事项: the journal, lists, workload, response times, satisfaction."""
