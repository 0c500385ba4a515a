"""Pages: the web application, answered from the same questions and commands as the API."""
