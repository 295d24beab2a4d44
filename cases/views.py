"""Giving out the files of a case to those who may read the case (DESIGN 5)."""

import logging

from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from cases import uploads
from cases.models import Case, Document

logger = logging.getLogger(__name__)

# Shown in the browser; everything else is saved, never opened under our address.
INLINE = {uploads.JPEG.media_type, uploads.PDF.media_type}


@login_required
@require_safe
def document(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """A kept file under its own name; 404 for whoever may not read the case."""
    kept = _kept(request, number, pk)
    return _response(request, kept, kept.file, kept.media_type, kept.name)


@login_required
@require_safe
def thumbnail(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """The small picture of a kept photo; 404 where there is none."""
    kept = _kept(request, number, pk)
    if not kept.thumbnail:
        raise Http404
    return _response(request, kept, kept.thumbnail, uploads.JPEG.media_type, f"{kept.pk}.jpg")


def _kept(request: HttpRequest, number: str, pk: int) -> Document:
    cases = Case.objects.visible_to(request.user).filter(number=number)
    kept = Document.objects.filter(removed_at__isnull=True, case__in=cases.values("pk"))
    return get_object_or_404(kept, pk=pk)


def _response(
    request: HttpRequest, kept: Document, file: FieldFile, media_type: str, name: str
) -> HttpResponseBase:
    """The file's content; a browser may keep it, but asks each time whether it still may."""
    etag = f'"{kept.sha256}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    try:
        content = file.open("rb")
    except FileNotFoundError:
        logger.exception("document %s of case %s has lost its file", kept.pk, kept.case_id)
        raise Http404 from None
    attached = media_type not in INLINE
    response = FileResponse(content, as_attachment=attached, filename=name, content_type=media_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
