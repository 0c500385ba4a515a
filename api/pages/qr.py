"""QR codes, drawn as one path of SVG."""

from collections.abc import Mapping
from typing import Any, Final

import segno

BORDER: Final = 2


def qr_of(text: str) -> Mapping[str, Any]:
    """Draw a QR code: the size of its square, and the one path that is drawn in it."""
    code = segno.make(text, error="m", micro=False)
    drawn = "".join(
        f"M{x + BORDER} {y + BORDER}h1v1h-1z"
        for y, row in enumerate(code.matrix)
        for x, dark in enumerate(row)
        if dark
    )
    return {"size": len(code.matrix) + 2 * BORDER, "path": drawn}
