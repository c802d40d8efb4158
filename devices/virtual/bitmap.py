"""The two ways in which printers get dots, as pictures (0 is ink)."""

from __future__ import annotations

from PIL import Image

_INVERTED = bytes(255 - byte for byte in range(256))


def packed_image(dots: bytes, across: int, rows: int, times: tuple[int, int] = (1, 1)) -> Image.Image:
    """Rows of ``across`` bytes, the leftmost dot in the highest bit; ``times`` as wide and as high."""
    image = Image.frombytes("1", (across * 8, rows), dots.translate(_INVERTED))
    if times == (1, 1):
        return image
    return image.resize((image.width * times[0], image.height * times[1]), Image.Resampling.NEAREST)


def column_image(dots: bytes, columns: int, *, is_tall: bool, across: int) -> Image.Image:
    """Columns from left to right, the top dot in the highest bit: 24 dots high, or 8 that are three rows each."""
    height = 24 if is_tall else 8
    if not columns:
        return Image.new("1", (1, 24), 255)
    turned = Image.frombytes("1", (height, columns), dots.translate(_INVERTED))
    image = turned.transpose(Image.Transpose.TRANSPOSE)
    return image.resize((columns * across, 24), Image.Resampling.NEAREST)
