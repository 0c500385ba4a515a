"""Evidence bundles: choosing, masking, writing and verifying their content."""
