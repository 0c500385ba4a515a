"""Coordination 统筹: joint conferences with what they decided, and surveys of the people."""
