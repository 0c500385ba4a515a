"""The modules that travel in bundles, laid out alone in a folder as an auditor has them."""

import shutil
from pathlib import Path

from api.bundle.making import ROOT, modules


def lay_out(names: tuple[str, ...], folder: Path) -> None:
    """Copy these modules and folders, with the stand-in for msgspec, and nothing else."""
    for name in modules(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    shutil.copy(ROOT / "api" / "bundle" / "msgspec_stand_in.py", folder / "msgspec.py")
