"""Floor 3: what the log looks like from one side. Every table here can be dropped and rebuilt."""
