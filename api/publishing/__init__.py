"""Rules of an office, published from files: calendars, policies, forms, rule sets."""
