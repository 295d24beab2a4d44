"""Photos are made small and safe (handbook 8, rule 7)."""

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from cases import photos
from tests.cases import sample_files as files


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_a_photo_becomes_small_and_upright() -> None:
    small = photos.shrink(BytesIO(files.photo((6000, 4000), orientation=6)))
    kept, thumbnail = opened(small.content), opened(small.thumbnail)
    assert (kept.format, kept.size) == ("JPEG", (1707, 2560))
    assert (thumbnail.format, thumbnail.size) == ("JPEG", (213, 320))
    left, right = kept.getpixel((100, 1280)), kept.getpixel((1600, 1280))
    assert left > right  # dark was above, so after a turn to the right it is on the right
    assert kept.getexif().get(ExifTags.Base.Orientation) is None


def test_a_small_photo_is_not_blown_up() -> None:
    assert opened(photos.shrink(BytesIO(files.photo((40, 30)))).content).size == (40, 30)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_only_the_time_comes_along_not_the_place(form: str) -> None:
    original = files.photo(form=form)
    assert b"SECRET-PLACE" in original
    small = photos.shrink(BytesIO(original))
    exif = opened(small.content).getexif()
    assert exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] == files.TAKEN
    assert not exif.get_ifd(ExifTags.IFD.GPSInfo)
    assert b"SECRET" not in small.content + small.thumbnail


def test_transparency_becomes_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(out, "PNG")
    assert opened(photos.shrink(out).content).getpixel((25, 25)) == (255, 255, 255)


def test_a_photo_of_30_megabytes_from_a_phone() -> None:
    noise = Image.effect_noise((8000, 6000), 120).convert("RGB")
    out = BytesIO()
    noise.save(out, "JPEG", quality=96)
    assert out.tell() > 30_000_000
    small = photos.shrink(out)
    assert opened(small.content).size == (2560, 1920)
    assert len(small.content) < 3_000_000


def test_a_decompression_bomb_is_not_unpacked() -> None:
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert out.tell() < 100_000
    with pytest.raises(photos.TooManyPixelsError):
        photos.shrink(out)
    many = BytesIO()
    Image.new("L", (7000, 7000)).save(many, "JPEG", progressive=True, quality=1)
    with pytest.raises(photos.TooManyPixelsError):
        photos.shrink(many)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow on broken notes of a camera
@given(
    form=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    cut=st.integers(0, 6000),
    changes=st.dictionaries(st.integers(0, 700), st.integers(0, 255), max_size=5),
)
def test_no_broken_photo_breaks_us(form: str, cut: int, changes: dict[int, int]) -> None:
    broken = bytearray(files.photo((120, 90), form))
    for place, byte in changes.items():
        broken[place % len(broken)] = byte
    with suppress(photos.UnreadablePhotoError, photos.TooManyPixelsError):
        small = photos.shrink(BytesIO(bytes(broken[: max(cut, 12)])))
        assert opened(small.content).format == "JPEG"
