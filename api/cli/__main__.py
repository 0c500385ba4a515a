"""`python -m api.cli`, for processes that this one starts."""

from api.cli import main

main()
