"""Every route and question as a command: made from the declarations that HTTP is made from."""
