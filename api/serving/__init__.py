"""The server put together: application, documents, health."""
