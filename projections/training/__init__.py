"""Training: sessions, who was credited with how much, and legal helpers, as stored views."""
