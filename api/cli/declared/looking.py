"""`anjuan list` and `anjuan show`: every question that HTTP answers."""

import rich_click as click


@click.group(name="list")
def list_() -> None:
    """Lists."""


@click.group()
def show() -> None:
    """One thing."""
