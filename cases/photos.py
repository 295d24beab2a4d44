"""Making photos small and safe: 30 MB from a phone become a few hundred kB (handbook 8, rule 7).

A photo is written anew, so nothing of the original file comes along but its pixels and the time
when it was taken. Where it was taken is private: GPS, comments and other metadata stay out.
"""

import re
import struct
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageOps

LONG_SIDE = 2560  # pixels
THUMBNAIL = 320  # pixels
QUALITY, THUMBNAIL_QUALITY = 85, 75

# A phone's JPEG of 200 megapixels is read at a quarter of its size and needs 40 MB. Other
# formats and progressive JPEGs must be unpacked whole, up to four bytes a pixel.
MOST_PIXELS, MOST_PIXELS_UNPACKED = 210_000_000, 40_000_000
Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow warns above it and refuses twice as many itself

# Whatever Pillow's readers raise for broken data.
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, KeyError, TypeError)
_TAKEN = re.compile(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d")


class UnreadablePhotoError(ValueError):
    """The file begins like a photo and cannot be read as one."""


class TooManyPixelsError(ValueError):
    """The photo would unpack to more than the machine's memory should hold."""


@dataclass(frozen=True)
class Photo:
    """A photo as kept: JPEG, upright, at most LONG_SIDE, and its thumbnail."""

    content: bytes
    thumbnail: bytes


def shrink(file: Any) -> Photo:
    """Read a JPEG, PNG or WebP file and write it anew, small.

    Raises UnreadablePhotoError for a broken file, TooManyPixelsError for a decompression bomb.
    """
    try:
        with Image.open(file, formats=["JPEG", "PNG", "WEBP"]) as image:
            _check_size(image)
            return _rewritten(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixelsError(str(error)) from error
    except _UNREADABLE as error:
        if isinstance(error, TooManyPixelsError):
            raise
        raise UnreadablePhotoError(str(error)) from error


def _check_size(image: Image.Image) -> None:
    scales = image.format in {"JPEG", "MPO"} and not image.info.get("progressive")
    width, height = image.size
    if width * height > (MOST_PIXELS if scales else MOST_PIXELS_UNPACKED):
        raise TooManyPixelsError(f"{width} × {height}")


def _rewritten(image: Image.Image) -> Photo:
    orientation, taken = _how_taken(image)
    scale = LONG_SIDE / max(image.size)
    # A JPEG is unpacked at 1/2, 1/4 or 1/8 of its size, whichever is still large enough.
    image.draft("RGB", (int(image.width * scale), int(image.height * scale)))
    image.thumbnail((LONG_SIDE, LONG_SIDE))
    small = _on_white(image)
    small.info.clear()
    if orientation:
        small.getexif()[ExifTags.Base.Orientation] = orientation
        ImageOps.exif_transpose(small, in_place=True)
    kept = Image.Exif()
    if taken:
        kept.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    content = _jpeg(small, QUALITY, exif=kept)
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    return Photo(content, _jpeg(small, THUMBNAIL_QUALITY))


def _how_taken(image: Image.Image) -> tuple[int, str]:
    """Orientation and time of the photo as its camera noted them; 0 and "" where it did not."""
    try:
        exif = image.getexif()
        orientation: Any = exif.get(ExifTags.Base.Orientation)
        taken: Any = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    except _UNREADABLE:  # broken notes spoil no photo
        return 0, ""
    turned = isinstance(orientation, int) and 2 <= orientation <= 8
    timed = isinstance(taken, str) and _TAKEN.fullmatch(taken)
    return orientation if turned else 0, taken if timed else ""


def _on_white(image: Image.Image) -> Image.Image:
    """The image in colours without transparency, as JPEG knows it."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layers = image.convert("RGBA")
    white = Image.new("RGB", layers.size, "white")
    white.paste(layers, mask=layers.getchannel("A"))
    return white


def _jpeg(image: Image.Image, quality: int, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, **options)
    return out.getvalue()
