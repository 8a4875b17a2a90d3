"""Photos of a visit: opened, turned upright, drawn anew without EXIF, made smaller, kept outside public folders.

What arrives is never kept: only the picture we drew from it. Owns the refusals of files that are no picture.
"""

from __future__ import annotations

import io
import warnings
from datetime import datetime
from uuid import UUID

from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from hutong.kernel import attachments, events
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.policy.visits import number
from hutong.staff.models import User
from hutong.wellbeing.models import Photo, Visit

FORMATS = ("JPEG", "PNG", "WEBP")


class BadPhoto(Refusal):
    """Not a picture, too large, or one too many."""

    code = "bad_photo"


@transaction.atomic
def add_photo(
    *, visit: Visit, content: bytes, name: str, by: User, at: datetime, op: UUID | None = None, caption: str = ""
) -> Photo:
    """Add a picture to a visit. `content`: the bytes as uploaded; `name` is only remembered."""
    if done := events.repeated(op):
        return Photo.objects.get(pk=done.subject_id)
    on = day(at)
    if Photo.objects.filter(visit=visit).count() >= number("photos_a_visit", on):
        raise BadPhoto(
            "一次走访最多%(what)s张照片。这一张没有保存，走访记录不受影响。",
            values={"what": number("photos_a_visit", on)},
            field="photos",
        )
    drawn = redraw(
        content,
        on_bytes=number("photo_bytes_at_most", on),
        pixels=number("photo_pixels_at_most", on),
        side=number("photo_long_side", on),
    )
    kept = attachments.keep(
        drawn, kind="photo", name=f"{name[:200]}.jpg", media_type="image/jpeg", subject=("people.file", visit.file_id),
        division=visit.division, domain="care", by=by.pk, at=at,
    )  # fmt: skip
    photo = Photo.objects.create(
        visit=visit, file_id=visit.file_id, division=visit.division, attachment=kept, caption=caption.strip()[:100]
    )
    events.record(
        kind="wellbeing.photo.added", subject=("wellbeing.photo", photo.pk), division=visit.division, domain="care",
        by=by.pk, at=at, op=op, about=visit.file_id, data={"file": str(visit.file_id), "visit": str(visit.pk)},
    )  # fmt: skip
    return photo


def redraw(content: bytes, *, on_bytes: int, pixels: int, side: int) -> bytes:
    """The picture as a fresh JPEG whose long side is at most `side` pixels. Raises BadPhoto with a sentence."""
    if len(content) > on_bytes:
        raise BadPhoto(
            "照片太大（超过%(what)sMB）。没有保存，请拍小一些或只选一部分。",
            values={"what": on_bytes // 1048576},
            field="photos",
        )
    try:
        return _redraw(content, pixels, side)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadPhoto(
            "这个文件不是能打开的照片（只收 JPG、PNG、WEBP）。没有保存，请重新拍一张。", field="photos"
        ) from error


def _redraw(content: bytes, pixels: int, side: int) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            opened = Image.open(io.BytesIO(content), formats=FORMATS)
        except Image.DecompressionBombWarning as warning:
            raise ValueError("too many pixels") from warning
    with opened:
        if opened.width * opened.height > pixels:
            raise BadPhoto("照片的尺寸太大，没有保存。请用手机直接拍，不要用拼接的长图。", field="photos")
        opened.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((side, side))
        out = io.BytesIO()
        upright.convert("RGB").save(out, "JPEG", quality=80, optimize=True, exif=b"")
        return out.getvalue()
