"""A shop's picture for its receipts: checked once when it is chosen, and black and white from then on.

A file that somebody chose is not to be trusted: its size is looked at before its dots are.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Final

from PIL import Image, UnidentifiedImageError

from app.domain.errors import Refused
from devices.profile import PAPER_80MM, PrinterProfile
from devices.render.raster import dithered, to_png

LOGO: Final = "logo"
"""The name that a receipt's `Image` node has for it."""

FILE_BYTES_MAX: Final = 5_000_000
PIXELS_MAX: Final = 20_000_000


def logo_from(file: bytes, profile: PrinterProfile = PAPER_80MM) -> bytes:
    """A chosen file as the PNG that the settings keep: 1 bit, no larger than paper takes.

    Raises Refused("picture_unreadable" | "picture_too_large").
    """
    return to_png(dithered(_opened(file), profile.dots))


def images_of(logo: bytes | None) -> Mapping[str, Image.Image]:
    """What `encode_for` and `render_image` take, from the kept PNG; one that cannot be read any more prints nothing."""
    if not logo:
        return {}
    try:
        return {LOGO: _opened(logo)}
    except Refused:
        return {}


def _opened(file: bytes) -> Image.Image:
    if len(file) > FILE_BYTES_MAX:
        raise Refused("picture_too_large", megabytes_max=FILE_BYTES_MAX // 1_000_000)
    try:
        picture = Image.open(io.BytesIO(file), formats=("PNG", "JPEG", "GIF", "BMP", "WEBP"))
        if picture.width * picture.height > PIXELS_MAX:
            raise Refused("picture_too_large", megabytes_max=FILE_BYTES_MAX // 1_000_000)
        picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused("picture_unreadable") from error
    return picture
