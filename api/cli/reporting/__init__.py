"""`anjuan report`: periods, statutory tables, their drafts and submissions."""
