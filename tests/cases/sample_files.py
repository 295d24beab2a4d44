"""Files as people send them, made on the spot."""

import zipfile
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

TAKEN = "2026:11:22 09:30:00"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """As a browser sends it; the type it claims is never looked at."""
    return SimpleUploadedFile(name, content, "application/x-whatever")


def photo(size: tuple[int, int] = (400, 300), form: str = "JPEG", **options: Any) -> bytes:
    """A photo, dark above and light below, taken with GPS, a comment and a camera's notes."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = options.pop("orientation", 1)
    exif[ExifTags.Base.Model] = "SECRET-CAMERA"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = TAKEN
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSMapDatum] = "SECRET-PLACE"
    if form == "JPEG":
        options |= {"comment": "SECRET-COMMENT", "xmp": b"<x>SECRET-XMP</x>"}
    out = BytesIO()
    image.save(out, form, exif=exif, **options)
    return out.getvalue()


def office(*parts: str) -> bytes:
    """A zip archive with these parts, as Word and Excel write them."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in ("[Content_Types].xml", "_rels/.rels", "docProps/app.xml", *parts):
            archive.writestr(part, "<x/>")
    return out.getvalue()


WORD = office("customXml/item1.xml", "docProps/core.xml", "word/document.xml")
EXCEL = office("xl/workbook.xml")
