from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from app.domain import receipt as r
from app.domain.errors import Refused
from devices.profile import PAPER_58MM, PAPER_80MM, PrinterProfile
from devices.render.logo import FILE_BYTES_MAX, LOGO, images_of, logo_from
from devices.render.native import encode_for
from devices.render.raster import render_image
from tests.devices.virtual.print_on import print_on

LOGO_DOCUMENT = r.ReceiptDocument((r.Image(LOGO), r.Text("a")), "zh_TW", "sale")


def png(picture: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def photo(width: int = 1_000, height: int = 500) -> Image.Image:
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    ImageDraw.Draw(picture).ellipse(
        (width // 4, height // 10, width // 2, height - height // 10), fill="black"
    )
    return picture


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF"])
def test_a_chosen_picture_is_kept_black_and_white_and_no_wider_than_paper(kind: str) -> None:
    kept = Image.open(io.BytesIO(logo_from(png(photo(), kind))))
    assert (kept.format, kept.mode, kept.size) == ("PNG", "1", (576, 288))
    # Grey is dots as close together as it is dark.
    dark, light = (
        kept.crop(box).convert("L").histogram()[0] for box in ((500, 0, 576, 60), (500, 228, 576, 288))
    )
    assert dark > 2 * light > 0


@pytest.mark.parametrize("profile", [PAPER_80MM, PAPER_58MM], ids=lambda profile: profile.name)
def test_a_logo_is_printed_dot_for_dot_on_either_paper(profile: PrinterProfile) -> None:
    images = images_of(logo_from(png(photo(200, 80))))
    image = render_image(LOGO_DOCUMENT, profile, images)
    paper, complaints = print_on(profile, encode_for(LOGO_DOCUMENT, profile, images))
    assert complaints == ()
    assert paper.image.tobytes() == image.tobytes()


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "picture_unreadable"),
        (b"not a picture", "picture_unreadable"),
        (png(photo())[:500], "picture_unreadable"),
        (bytes(FILE_BYTES_MAX + 1), "picture_too_large"),
        (png(Image.new("1", (6_000, 5_000))), "picture_too_large"),
    ],
)
def test_a_file_that_is_no_usable_picture_is_refused(file: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        logo_from(file)
    assert refused.value.code == code


def test_a_kept_logo_that_is_damaged_prints_nothing() -> None:
    for kept in (None, b"", b"damaged"):
        assert images_of(kept) == {}
