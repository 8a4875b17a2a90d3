"""Photos and signatures come up in pieces, are drawn anew, and reach their visit whichever comes first."""

from __future__ import annotations

import hashlib
import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from hutong.exchange.field import blobs
from hutong.exchange.models import Blob, BlobPart
from hutong.kernel import attachments
from hutong.policy.field import number
from hutong.staff.models import Notice
from hutong.wellbeing.models import Photo, Visit
from tests import make
from tests.field.phone import Phone, clock, home, visit
from tests.field.test_sealed import key_of, parcel

pytestmark = pytest.mark.django_db


def picture(size: int = 900) -> bytes:
    """A JPEG with a place in its EXIF, as a phone would send one that was not shrunk."""
    drawn, out = Image.effect_noise((size, size), 40).convert("RGB"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SECRET-PHONE"
    drawn.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


@pytest.fixture
def village() -> Any:
    class Village:
        lin, file = home()
        phone = Phone(lin)

    return Village


def send(phone: Phone, blob: UUID, content: bytes, *, start: int = 0, piece: int = 100_000, **more: Any) -> list[Any]:
    """PUT the pieces from `start` on; the answers."""
    digest = more.pop("sha256", hashlib.sha256(content).hexdigest())
    answers = []
    for offset in range(start, len(content), piece):
        where = f"/field/v1/blobs/{blob}?device={phone.device}&offset={offset}&total={len(content)}&sha256={digest}"
        answers.append(
            phone.client.put(where, content[offset : offset + piece], content_type="application/octet-stream")
        )
    return answers


def test_a_picture_comes_in_pieces_and_joins_its_visit_without_exif(village: Any) -> None:
    blob, content = uuid4(), picture()
    answers = send(village.phone, blob, content)
    assert [a.status_code for a in answers] == [200] * len(answers) and answers[-1].json()["whole"]
    assert village.phone.one(village.phone.op("visit", visit(village.file, photos=[str(blob)])))["status"] == "applied"
    blobs.draw(blob, owner=village.lin.pk, at=clock())
    photo = Photo.objects.get()
    kept = attachments.content(photo.attachment)
    assert photo.visit == Visit.objects.get() and b"SECRET-PHONE" not in kept and Image.open(io.BytesIO(kept)).size
    assert not BlobPart.objects.exists() and Blob.objects.get().joined_at


def test_a_picture_sealed_to_the_server_is_opened_here_and_one_changed_on_the_way_is_told(village: Any) -> None:
    good, bad, key = uuid4(), uuid4(), key_of(village.phone)
    village.phone.one(village.phone.op("visit", visit(village.file, photos=[str(good), str(bad)])))
    whole = parcel(picture(), f"blob:{good}", key)
    for blob in (good, bad):  # the second is the first one's under another id
        assert send(village.phone, blob, whole)[-1].json()["whole"]
        blobs.draw(blob, owner=village.lin.pk, at=clock())
    assert Photo.objects.count() == 1 and Blob.objects.get(pk=good).joined_at
    assert "打不开" in Blob.objects.get(pk=bad).trouble and Notice.objects.filter(kind="field.photo").count() == 1


def test_a_visit_may_come_before_its_picture(village: Any) -> None:
    blob = uuid4()
    village.phone.one(village.phone.op("visit", visit(village.file, photos=[], signature=str(blob))))
    send(village.phone, blob, picture())
    blobs.draw(blob, owner=village.lin.pk, at=clock())
    blobs.draw(blob, owner=village.lin.pk, at=clock())
    assert [photo.caption for photo in Photo.objects.all()] == ["签名"]


def test_the_phone_learns_where_to_go_on(village: Any) -> None:
    blob, content = uuid4(), picture()
    where = f"blobs/{blob}?device={village.phone.device}"
    assert village.phone.get(where).status_code == 404
    send(village.phone, blob, content[:100_000] + content[100_000:], piece=100_000)[:1]
    assert village.phone.get(where).json() == {"received": len(content), "whole": True}


def test_a_piece_sent_twice_is_taken_once_and_a_gap_is_told(village: Any) -> None:
    blob, content = uuid4(), picture()
    digest = hashlib.sha256(content).hexdigest()
    where = f"/field/v1/blobs/{blob}?device={village.phone.device}&total={len(content)}&sha256={digest}&offset="
    put = village.phone.client.put
    assert put(f"{where}0", content[:50_000], content_type="x/y").json() == {"received": 50_000, "whole": False}
    assert put(f"{where}0", content[:50_000], content_type="x/y").json() == {"received": 50_000, "whole": False}
    gap = put(f"{where}90000", content[90_000:100_000], content_type="x/y")
    assert (gap.status_code, gap.json()["code"], gap.json()["received"]) == (409, "offset", 50_000)
    assert BlobPart.objects.count() == 1


def test_a_picture_torn_on_the_way_begins_again(village: Any) -> None:
    blob, content = uuid4(), picture()
    last = send(village.phone, blob, content, sha256="0" * 64)[-1]
    assert last.json() == {"received": 0, "whole": False} and not BlobPart.objects.exists()
    assert send(village.phone, blob, content)[-1].json()["whole"]


def test_what_is_no_picture_stays_sealed_with_the_reason_and_the_sender_is_told(village: Any) -> None:
    blob = uuid4()
    send(village.phone, blob, b"MZ" + b"\x00" * 2000)
    village.phone.one(village.phone.op("visit", visit(village.file, photos=[str(blob)])))
    blobs.draw(blob, owner=village.lin.pk, at=clock())
    row = Blob.objects.get()
    assert "不是能打开的照片" in row.trouble and BlobPart.objects.exists() and not Photo.objects.exists()
    assert Notice.objects.filter(user=village.lin, kind="field.photo").count() == 1


def test_too_large_a_picture_or_piece_is_refused_with_a_sentence(village: Any) -> None:
    most = number("blob_bytes_at_most", clock().date())
    where = f"/field/v1/blobs/{uuid4()}?device={village.phone.device}&offset=0&sha256={'0' * 64}&total="
    answer = village.phone.client.put(f"{where}{most + 1}", b"x", content_type="x/y")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert village.phone.client.put(f"{where}5", b"x" * 6, content_type="x/y").status_code == 400
    assert village.phone.client.put(f"{where}5", b"", content_type="x/y").status_code == 413
    assert not Blob.objects.exists()


def test_an_id_that_somebody_else_took_is_refused_and_tells_nothing(village: Any) -> None:
    blob, content = uuid4(), picture()
    send(village.phone, blob, content)
    other = Phone(make.user("director", make.NEXT, name="邻合成"))
    assert other.get(f"blobs/{blob}?device={other.device}").status_code == 404
    assert send(other, blob, content)[0].json()["code"] == "blob_reused"
    assert Blob.objects.get().user == village.lin


def test_the_pieces_are_sealed_at_rest(village: Any) -> None:
    blob, content = uuid4(), picture()
    send(village.phone, blob, content)
    assert all(b"SECRET-PHONE" not in bytes(part.data_sealed) for part in BlobPart.objects.all())


def test_the_job_is_put_into_the_queue_by_whichever_comes_last(
    village: Any, django_capture_on_commit_callbacks: Any
) -> None:
    first, second = uuid4(), uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        send(village.phone, first, picture(200))
    assert not ProcrastinateJob.objects.filter(task_name="exchange.draw").exists()
    with django_capture_on_commit_callbacks(execute=True):
        village.phone.one(village.phone.op("visit", visit(village.file, photos=[str(first), str(second)])))
        send(village.phone, second, picture(200))
    jobs = ProcrastinateJob.objects.filter(task_name="exchange.draw").order_by("id")
    assert [job.args["blob"] for job in jobs] == [str(first), str(second)]
