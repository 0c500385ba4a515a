"""Settings as an operator gives them to a process: by variables."""

import msgspec

from api.settings import FIELDS, Settings, handed_on, variable


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that make another process load these very settings."""
    values = msgspec.to_builtins(handed_on(settings), enc_hook=str)
    given = {variable(name): values[name] for name in FIELDS if values[name] is not None}
    given[variable("tokens")] = msgspec.json.encode(values["tokens"]).decode()
    return {name: str(value) for name, value in given.items()}
