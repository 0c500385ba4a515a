"""What an office publishes from files: calendars, policies, forms, rule sets."""
