"""Puts the files of other projects that pages need under api/static/vendor, with their licences and
hashes in vendor.json. Needs npm. Usage: python -m tools.vendor"""

import base64
import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "api" / "static" / "vendor"
PACKAGES = {
    "swagger-ui": (
        "swagger-ui-dist",
        "5.35.0",
        (
            "LICENSE",
            "NOTICE",
            "swagger-ui-bundle.js",
            "swagger-ui-bundle.js.LICENSE.txt",
            "swagger-ui.css",
        ),
    ),
    "bootstrap": ("bootstrap", "5.3.9", ("LICENSE", "dist/css/bootstrap.min.css")),
}


TESTED_WITH = Path(__file__).parents[1] / "tests" / "web" / "vendor"
TEST_PACKAGES = {"axe-core": ("axe-core", "4.14.1", ("LICENSE", "axe.min.js"))}
"""What only tests need, and no wheel holds."""


def sha384(content: bytes) -> str:
    """As a browser checks it (Subresource Integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def fetch(
    place: Path, folder: str, name: str, version: str, files: tuple[str, ...]
) -> dict[str, object]:
    """Unpack the files; what vendor.json says of the package."""
    with tempfile.TemporaryDirectory() as packed_in:
        asked = ["npm", "pack", "--silent", f"{name}@{version}", "--pack-destination", packed_in]
        subprocess.run(asked, check=True, capture_output=True)
        (archive,) = Path(packed_in).glob("*.tgz")
        with tarfile.open(archive) as packed:
            contents = {}
            for file in ("package.json", *files):
                member = packed.extractfile(f"package/{file}")
                assert member is not None
                contents[file] = member.read()
    licence = json.loads(contents.pop("package.json"))["license"]
    target = place / folder
    target.mkdir(parents=True, exist_ok=True)
    for file, content in contents.items():
        (target / Path(file).name).write_bytes(content)
    return {
        "folder": folder,
        "name": name,
        "version": version,
        "licence": licence,
        "files": {Path(file).name: sha384(content) for file, content in contents.items()},
    }


def main() -> None:
    for place, packages in ((VENDOR, PACKAGES), (TESTED_WITH, TEST_PACKAGES)):
        listed = [fetch(place, folder, *package) for folder, package in packages.items()]
        text = json.dumps(listed, indent=2) + "\n"
        (place / "vendor.json").write_text(text, encoding="utf-8")
        print(f"vendored: {', '.join(packages)}")


if __name__ == "__main__":
    main()
