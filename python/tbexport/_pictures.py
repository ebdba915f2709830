"""Pictures of the images table."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, cast

from ._packages import need

if TYPE_CHECKING:
    from PIL import Image


def picture(cell: Any) -> Image.Image | None:
    """Return the picture of a cell of the column image; None where Pillow cannot or will not open its bytes."""
    need("PIL", "images")
    pillow = need("PIL.Image", "images")
    try:
        return cast("Image.Image", pillow.open(io.BytesIO(cell["bytes"])))
    except (OSError, ValueError, SyntaxError, pillow.DecompressionBombError):
        return None
