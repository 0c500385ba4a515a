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


def sha384(content: bytes) -> str:
    """As a browser checks it (Subresource Integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def fetch(folder: str, name: str, version: str, files: tuple[str, ...]) -> dict[str, object]:
    """Unpack the files; what vendor.json says of the package."""
    with tempfile.TemporaryDirectory() as place:
        asked = ["npm", "pack", "--silent", f"{name}@{version}", "--pack-destination", place]
        subprocess.run(asked, check=True, capture_output=True)
        (archive,) = Path(place).glob("*.tgz")
        with tarfile.open(archive) as packed:
            contents = {}
            for file in ("package.json", *files):
                member = packed.extractfile(f"package/{file}")
                assert member is not None
                contents[file] = member.read()
    licence = json.loads(contents.pop("package.json"))["license"]
    target = VENDOR / folder
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
    listed = [fetch(folder, *package) for folder, package in PACKAGES.items()]
    (VENDOR / "vendor.json").write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")
    print(f"vendored: {', '.join(PACKAGES)}")


if __name__ == "__main__":
    main()
