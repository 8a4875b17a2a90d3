"""Photos: what arrives is never kept, only the picture drawn from it."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hutong.kernel import attachments
from hutong.wellbeing import operations as visits
from hutong.wellbeing import photos
from hutong.wellbeing.models import Photo
from tests import make

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
LIMITS = {"on_bytes": 10_485_760, "pixels": 50_000_000, "side": 1600}


def picture(size: tuple[int, int] = (2000, 1000), kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **more)
    return out.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "phone maker"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif)


def bomb() -> bytes:
    """A PNG of a few hundred bytes that claims to be 60,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_the_place_and_the_maker_are_gone_and_the_picture_is_smaller() -> None:
    drawn = Image.open(io.BytesIO(photos.redraw(with_place(), **LIMITS)))
    assert (drawn.format, drawn.size, len(drawn.getexif())) == ("JPEG", (1600, 800), 0)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_of_pictures_become_jpeg(kind: str) -> None:
    assert photos.redraw(picture((10, 10), kind), **LIMITS).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\0" * 50,
        b"<svg onload=alert(1)>",
        b"%PDF-1.4",
        picture()[:300],
        picture((9, 9), "GIF"),
        b"\xff\xd8\xff" + b"junk" * 9,
        bomb(),
    ],
    ids=["empty", "not a gif", "svg", "pdf", "cut off", "gif", "jpeg in name only", "bomb"],
)
def test_what_is_no_photo_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(photos.BadPhoto) as refused:
        photos.redraw(content, **LIMITS)
    assert "没有保存" in refused.value.sentence


def test_a_file_too_large_is_refused_before_it_is_opened() -> None:
    with pytest.raises(photos.BadPhoto, match="太大"):
        photos.redraw(b"\0" * 11_000_000, **LIMITS)


def test_a_page_with_a_script_behind_the_picture_loses_the_script() -> None:
    assert b"<script" not in photos.redraw(picture((10, 10)) + b"<script>alert(1)</script>", **LIMITS)


@pytest.fixture
def visit(db: None, settings: Any, tmp_path: Path) -> Any:
    settings.ATTACHMENTS = tmp_path
    lin = make.lin()
    file = make.file(make.zhou())
    with make.as_(lin):
        answers = {"seen": ["child"], "lives_with": "grandparents"}
        return visits.record_visit(file=file, occurred_on=date(2026, 11, 23), answers=answers, by=lin, at=AT)


def test_a_photo_of_a_visit_is_kept_by_content_and_readable_by_the_server_alone(visit: Any) -> None:
    with make.as_(visit.by):
        photo = photos.add_photo(visit=visit, content=with_place(), name="../../x.php", by=visit.by, at=AT)
        assert attachments.content(photo.attachment).startswith(b"\xff\xd8")
    assert photo.attachment.name == "x.php.jpg"
    assert photo.attachment.domain == "care"


def test_there_are_at_most_six_photos(visit: Any) -> None:
    with make.as_(visit.by):
        for n in range(6):
            photos.add_photo(visit=visit, content=picture((10 + n, 10)), name="p", by=visit.by, at=AT)
        with pytest.raises(photos.BadPhoto, match="最多6张"):
            photos.add_photo(visit=visit, content=picture(), name="p", by=visit.by, at=AT)
    assert Photo.objects.count() == 6


def test_another_county_sees_no_photo(visit: Any) -> None:
    with make.as_(visit.by):
        photos.add_photo(visit=visit, content=picture(), name="p", by=visit.by, at=AT)
    with make.as_(make.ma()):
        assert not Photo.objects.exists()
