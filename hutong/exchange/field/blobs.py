"""Pictures on their way up, piece by piece: kept sealed until whole, then drawn anew by a job and joined to their visit.

Owns what has arrived and where the phone goes on. What a picture may be is wellbeing's (photos); which visit it belongs to
is said by the visit, before or after (joining).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from hutong.exchange.models import Blob, BlobPart
from hutong.kernel import ciphers, letters
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope, acting
from hutong.policy import access
from hutong.policy.field import number
from hutong.staff.models import Device, Notice, User
from hutong.wellbeing import photos
from hutong.wellbeing.models import Visit

CAPTIONS = {"signature": "签名"}
_SHUT = "照片是加密送来的，打不开，没有放进档案；收到的内容还留着。"


@dataclass(frozen=True)
class Standing:
    """Where a picture stands: bytes received from the start on, and whether that is all of it."""

    received: int
    whole: bool


@dataclass(frozen=True)
class Chunk:
    """A piece as the phone sends it: `offset` and `total` in bytes, `sha256` of the whole in hex."""

    offset: int
    total: int
    sha256: str
    content: bytes


class Elsewhere(Refusal):
    """The piece does not join on to what is here; `more` says where to go on."""

    code = "offset"

    def __init__(self, received: int) -> None:
        super().__init__("这一段接不上，请从头一段没收到的地方接着传。照片还在手机里。")
        self.more = {"received": received}


class Unfit(Refusal):
    """Too large, empty, or not what it was announced to be."""

    code = "too_large"


def standing(identifier: UUID, *, by: User) -> Standing:
    """Where one's own picture stands. Raises Refusal (not_found) for one that was never begun."""
    row = Blob.objects.filter(pk=identifier, user=by).first()
    if row is None:
        raise Refusal("这张照片还没有开始上传。照片还在手机里。", code="not_found")
    return _standing(row)


def put(identifier: UUID, chunk: Chunk, *, device: Device, by: User, at: datetime) -> Standing:
    """Take one piece. The same piece twice is taken once.

    Raises Elsewhere for a gap, Unfit beyond policy's sizes, Refusal (blob_reused) for an id that stands for another picture.
    When the whole does not match its hash nothing of it is kept and the answer says to begin again.
    """
    _fits(chunk, at)
    row = _own(identifier, device=device, by=by, at=at)
    if row.total is None:
        row.total, row.sha256 = chunk.total, chunk.sha256
    if (row.total, row.sha256) != (chunk.total, chunk.sha256):
        raise Refusal("这个编号已是另一张照片，没有收下。照片还在手机里，请重新选一次。", code="blob_reused")
    if row.whole_at or chunk.offset + len(chunk.content) <= row.received:
        return _standing(row)
    if chunk.offset != row.received:
        raise Elsewhere(row.received)
    sealed = ciphers.seal_bytes(chunk.content, "blob")
    BlobPart.objects.create(blob=row, user=by, start=chunk.offset, data_sealed=sealed)
    row.received += len(chunk.content)
    if row.received == row.total:
        _close(row, chunk.content if chunk.offset == 0 else _as_it_came(row), at)
    row.save(update_fields=["total", "sha256", "received", "whole_at"])
    return _standing(row)


def _standing(row: Blob) -> Standing:
    return Standing(row.received, row.whole_at is not None)


def _fits(chunk: Chunk, at: datetime) -> None:
    on = day(at)
    if not 0 < chunk.total <= number("blob_bytes_at_most", on):
        raise Unfit(
            "照片太大（超过%(what)sMB），没有收下。请重新拍一张。",
            values={"what": number("blob_bytes_at_most", on) // 1048576},
        )
    if not 0 < len(chunk.content) <= number("chunk_bytes_at_most", on):
        raise Unfit("一次传的照片内容太多或是空的，没有收下。照片还在手机里，会分段再传。")
    if chunk.offset < 0 or chunk.offset + len(chunk.content) > chunk.total or len(chunk.sha256) != 64:
        raise Unfit("照片的大小和先前说的不一样，没有收下。照片还在手机里。", code="malformed")


def _own(identifier: UUID, *, device: Device, by: User, at: datetime) -> Blob:
    """The row of this picture, locked. An id that another user took is refused, and not told apart from a bad one."""
    mine = Blob.objects.select_for_update().filter(pk=identifier, user=by)
    if row := mine.first():
        return row
    try:
        with transaction.atomic():
            return Blob.objects.create(id=identifier, user=by, device=device, division=device.division, made_at=at)
    except IntegrityError as error:
        if row := mine.first():
            return row
        raise Refusal("这个编号不能用，没有收下。照片还在手机里，请重新选一次。", code="blob_reused") from error


def _close(row: Blob, whole: bytes, at: datetime) -> None:
    if hashlib.sha256(whole).hexdigest() == row.sha256:
        row.whole_at = at
        if row.visit_id:
            wake(row)
        return
    row.parts.all().delete()
    row.received, row.total, row.sha256 = 0, None, ""


def content(row: Blob) -> bytes:
    """The picture; one that came sealed to the server is opened. Raises ciphers.Unsealable for one that does not open."""
    return letters.open_parcel(_as_it_came(row), f"blob:{row.pk}")


def _as_it_came(row: Blob) -> bytes:
    """All pieces in order."""
    sealed = row.parts.order_by("start").values_list("data_sealed", flat=True)
    return b"".join(ciphers.unseal_bytes(part, "blob") for part in sealed)


def wake(row: Blob) -> None:
    """Let the job draw this picture once the transaction is through."""
    from hutong.exchange.tasks import draw

    transaction.on_commit(partial(draw.defer, blob=str(row.pk), owner=str(row.user_id)))


def draw(identifier: UUID, *, owner: UUID, at: datetime) -> None:
    """Draw a whole picture of `owner` anew and join it to its visit; the bytes that came are then gone.

    May be repeated. What is no picture stays sealed with the reason, and whoever sent it is told.
    """
    with acting(_clerk(owner)):
        row = Blob.objects.select_for_update(of=("self",)).select_related("user").filter(pk=identifier).first()
        if row:
            _draw(row, at)


def _draw(row: Blob, at: datetime) -> None:
    if row.joined_at or not row.whole_at or row.visit_id is None:
        return
    visit = Visit.objects.get(pk=row.visit_id)
    try:
        with transaction.atomic():
            caption = CAPTIONS.get(row.role, "")
            photos.add_photo(
                visit=visit, content=content(row), name=row.role, caption=caption, by=row.user, at=at, op=row.pk
            )
    except (photos.BadPhoto, ciphers.Unsealable) as problem:
        row.trouble = problem.sentence[:300] if isinstance(problem, photos.BadPhoto) else _SHUT
        _tell(row, at)
    else:
        row.joined_at, row.trouble = at, ""
        row.parts.all().delete()
    row.save(update_fields=["joined_at", "trouble"])


def _tell(row: Blob, at: datetime) -> None:
    Notice.objects.create(
        user=row.user, kind="field.photo", text="有一张走访照片打不开，没有放进档案；走访记录不受影响。", division=row.division,
        subject_kind="wellbeing.visit", subject_id=row.visit_id, created_at=at,
    )  # fmt: skip


def _clerk(user: UUID) -> Scope:
    """A picture reaches its visit also when the child has moved out of the sender's village meanwhile."""
    everywhere = (100_000_000_000, 1_000_000_000_000)
    return Scope(
        user=user, ranges=(everywhere,), reads=frozenset(access.DOMAINS), writes=frozenset({"care"}),
        role="hutong_worker", purpose="photos",
    )  # fmt: skip
