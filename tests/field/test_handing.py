"""Unsent work that comes as a file: taken in at the desk by the supervisor, once, in the director's name; nothing of it lost."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hutong.exchange.field import blobs
from hutong.exchange.models import Conflict, FieldOperation
from hutong.kernel import attachments
from hutong.kernel.models import Attachment, Event
from hutong.people.models import File
from hutong.staff import devices
from hutong.staff.models import Device, Post, User
from hutong.wellbeing.models import Photo, Visit
from tests import make
from tests.field.phone import Phone, clock, home, visit
from tests.field.test_blobs import picture
from tests.field.test_sealed import key_of, parcel, seal
from tests.field.test_town import browser

pytestmark = pytest.mark.django_db
PAGE = "/devices/handed/"


class Lost:
    """A phone whose PIN is forgotten and that finds no network: all it can still give away is its file."""

    def __init__(self) -> None:
        lin, self.file = home()
        self.phone, self.wu = Phone(lin), make.wu()
        self.key = key_of(self.phone)

    def op(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """A record as it lies in the file."""
        return seal(self.phone.op(kind, body), self.key)

    def exported(self, *items: Any, **more: Any) -> bytes:
        """As the app's exportFile writes it."""
        return json.dumps({"v": 1, "device": str(self.phone.device), "operations": list(items), **more}).encode()

    def hand_in(self, content: bytes, by: User | None = None) -> str:
        """The page after the supervisor sent the file."""
        sent = SimpleUploadedFile("护童-未上传.json", content, content_type="application/json")
        response = browser(by or self.wu).post(PAGE, {"file": sent})
        assert response.status_code == 200
        return str(response.content.decode())


@pytest.fixture
def lost() -> Lost:
    return Lost()


def test_the_supervisor_takes_in_a_file_and_the_visit_is_the_directors(lost: Lost) -> None:
    Device.objects.update(unsent=2)
    content = lost.exported(lost.op("visit", visit(lost.file)))
    assert str(lost.file.pk).encode() not in content
    page = lost.hand_in(content)
    assert "收入结果" in page and lost.phone.user.name in page
    made = Visit.objects.get()
    assert (made.by, made.file) == (lost.phone.user, lost.file)
    assert Device.objects.get().unsent == 1
    event = Event.objects.get(kind="exchange.field.handed")
    assert event.user_id == lost.wu.pk and event.data["records"] == 1 and event.data["for"] == str(lost.phone.user.pk)


def test_the_pictures_in_a_file_reach_their_visits_and_a_broken_one_holds_up_nothing(lost: Lost) -> None:
    photo = uuid4()
    sealed = parcel(picture(), f"blob:{photo}", lost.key)
    pictures = [
        {"id": str(photo), "data": base64.b64encode(sealed).decode()},
        {"id": "?"},
        7,
        {"id": str(uuid4()), "data": "%"},
    ]
    lost.hand_in(lost.exported(lost.op("visit", visit(lost.file, photos=[str(photo)])), pictures=pictures))
    blobs.draw(photo, owner=lost.phone.user.pk, at=clock())
    assert Photo.objects.get().visit == Visit.objects.get()


def test_the_same_file_twice_and_the_phone_that_finds_the_network_after_all_are_once(lost: Lost) -> None:
    item = lost.phone.op("visit", visit(lost.file))
    content = lost.exported(seal(item, lost.key))
    lost.hand_in(content)
    lost.hand_in(content)
    assert lost.phone.one(item)["status"] == "duplicate"
    assert Visit.objects.count() == FieldOperation.objects.count() == 1


def test_a_phone_that_was_taken_off_sends_nothing_but_its_file_is_taken_in(lost: Lost) -> None:
    sealed = lost.op("visit", visit(lost.file))
    with make.as_(lost.wu):
        devices.revoke(device=Device.objects.get(), by=lost.wu, at=clock())
    assert Device.objects.get().pack == {}
    assert lost.phone.send(sealed).status_code == 403 and not Visit.objects.exists()
    lost.hand_in(lost.exported(sealed))
    assert Visit.objects.count() == 1


def test_the_file_of_a_director_who_has_left_is_taken_in(lost: Lost) -> None:
    sealed = lost.op("visit", visit(lost.file))
    Post.objects.filter(user=lost.phone.user).update(end=clock().date())
    lost.hand_in(lost.exported(sealed))
    assert Visit.objects.get().by == lost.phone.user


def test_what_cannot_be_written_waits_before_the_supervisor_with_its_words(lost: Lost) -> None:
    bad = lost.op("attempt", {"child": str(lost.file.pk), "occurred_on": "2026-13-45", "reason": "门锁着合"})
    page = lost.hand_in(lost.exported(bad, lost.op("visit", visit(lost.file))))
    assert "去核对" in page and Visit.objects.count() == 1
    row = Conflict.objects.get()
    assert (row.kind, row.state) == ("refused", "open")
    one = browser(lost.wu).get(f"/conflicts/{row.pk}/").content.decode()
    assert "门锁着合" in one and "写不进去" in one
    sent = {"choice": "take", "note": "", "op_id": str(uuid4())}
    assert "缺内容或填得不对" in browser(lost.wu).post(f"/conflicts/{row.pk}/", sent).content.decode()
    assert Conflict.objects.get().state == "open"
    browser(lost.wu).post(f"/conflicts/{row.pk}/", {**sent, "choice": "noted", "op_id": str(uuid4())})
    assert Conflict.objects.get().state == "noted"
    lost.hand_in(lost.exported(bad))
    assert Conflict.objects.filter(state="open").count() == 1


def test_a_letter_that_does_not_open_is_told_and_the_file_kept_as_it_came(lost: Lost) -> None:
    damaged = lost.op("visit", visit(lost.file))
    damaged["body"]["data"] = damaged["body"]["data"][:-8] + "AAAAAAA="
    content = lost.exported(damaged, lost.op("visit", visit(lost.file)))
    page = lost.hand_in(content)
    assert "文件也已原样留存" in page and "打不开" in page and Visit.objects.count() == 1
    assert attachments.content(Attachment.objects.get(kind="unsent")) == content


@pytest.mark.parametrize("content", [
    b"", b"{}", b"[1]", b'{"device": 1, "operations": []}', b"\xff\xfe",
    b'{"device": "00000000-0000-4000-8000-000000000000", "operations": [{"kind": "visit"}]}',
])  # fmt: skip
def test_what_is_no_such_file_is_refused_with_a_sentence(lost: Lost, content: bytes) -> None:
    assert 'aria-invalid="true"' in lost.hand_in(content)
    assert not Attachment.objects.filter(kind="unsent").exists()


def test_a_phone_of_another_place_is_not_taken_in_there(lost: Lost) -> None:
    content = lost.exported(lost.op("visit", visit(lost.file)))
    assert "不在您负责的地区" in lost.hand_in(content, by=make.ma())
    assert not Visit.objects.exists() and not FieldOperation.objects.exists()


def test_plain_records_are_no_letters(lost: Lost) -> None:
    assert "不是手机加密存出的内容" in lost.hand_in(lost.exported(lost.phone.op("visit", visit(lost.file))))
    assert not Visit.objects.exists()


def test_the_server_counts_what_is_left_on_the_phone_after_what_it_took(lost: Lost) -> None:
    bad = lost.phone.op("visit", {"child": "x"})
    lost.phone.results(lost.phone.op("visit", visit(lost.file)), bad, unsent=5)
    assert Device.objects.get().unsent == 4


def test_a_child_of_the_next_village_is_the_supervisors_too(lost: Lost) -> None:
    with make.as_(lost.wu):
        other: File = make.file(lost.wu, division=make.NEXT, name="邻村合")
    lost.hand_in(lost.exported(lost.op("visit", visit(other))))
    assert Visit.objects.get().file == other
