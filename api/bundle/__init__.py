"""What travels in an evidence bundle."""
