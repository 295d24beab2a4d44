"""Files that the office's pages give out."""

from urllib.parse import quote

from django.http import HttpResponse

from cases.imports import books

ENDINGS = (books.XLSX, books.CSV)


def download(content: bytes, name: str, ending: str) -> HttpResponse:
    """A file to keep, under a name in the reader's language."""
    response = HttpResponse(content, content_type=books.MEDIA_TYPES[ending])
    file_name = quote(f"{name}.{ending}".replace(":", ""))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{file_name}"
    return response
