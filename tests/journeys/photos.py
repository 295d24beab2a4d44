"""Files as phones and people send them."""

import random
from io import BytesIO

from PIL import Image


def phone_photo(size: tuple[int, int] = (1200, 900), number: int = 0) -> bytes:
    """A JPEG; another one for each number, since a case keeps the same file once."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.putpixel((number % size[0], 0), (255, 0, 0))
    return _jpeg(image, quality=80)


def heavy_photo(megabytes: int) -> bytes:
    """A JPEG of about so many megabytes: noise, which no camera's compression makes smaller."""
    width, height = 4000, 260 * megabytes
    noise = random.Random(1).randbytes(width * height)
    image = Image.frombytes("L", (width, height), noise)
    return _jpeg(image, quality=95)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()
