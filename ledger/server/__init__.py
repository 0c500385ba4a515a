"""The PostgreSQL that we bring, and how to reach one."""
