"""Answers as tables: what JSON says, for people."""

from collections.abc import Mapping
from typing import Any

from api.cli.printing import show_table


def show_answer(answer: Mapping[str, Any]) -> None:
    """Show one thing, a field a line."""
    show_table([{"field": name, "value": value} for name, value in answer.items()])
