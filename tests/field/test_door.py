"""Who may pass the API's door, and what it says to those who may not."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hutong.kernel.models import Access
from hutong.people import circumstances, persons
from hutong.people.models import File, Person
from hutong.policy import access
from hutong.staff import devices
from hutong.staff.models import Device, Post
from tests import make
from tests.field.phone import JSON, Phone, clock, home, visit

pytestmark = pytest.mark.django_db


def says(response: Any, status: int, code: str) -> None:
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code)
    assert body["message"].endswith("。")


@pytest.mark.parametrize("path", ["hello", f"pack?device={uuid4()}"])
def test_signed_out_it_asks_to_sign_in(path: str) -> None:
    says(Client().get(f"/field/v1/{path}"), 401, "sign_in")


def test_signed_out_nothing_is_taken() -> None:
    says(Client().post("/field/v1/operations", "{}", content_type=JSON), 401, "sign_in")


def test_another_page_cannot_send_in_ones_name() -> None:
    lin, _ = home()
    client = Client(enforce_csrf_checks=True)
    client.force_login(lin, backend="django.contrib.auth.backends.ModelBackend")
    body = json.dumps({"id": str(uuid4()), "name": "x", "store": "browser", "v": 1})
    says(client.post("/field/v1/devices", body, content_type=JSON), 403, "csrf")
    token = client.get("/field/v1/hello").json()["csrf"]
    assert client.post("/field/v1/devices", body, content_type=JSON, headers={"X-CSRFToken": token}).status_code == 200


def test_a_role_without_visits_is_denied() -> None:
    phone = Phone(make.user("education_liaison", 371726000000), registered=False)
    says(phone.get("hello"), 403, "denied")
    says(phone.register(), 403, "denied")


def test_hello_says_who_where_and_whom_to_call() -> None:
    lin, _ = home()
    wu = make.wu()
    said = Phone(lin).get("hello").json()
    assert said["user"]["name"] == lin.name and said["village"]["code"] == str(make.HERE)
    assert said["supervisor"]["name"] == wu.name and said["v"] == 1
    assert set(said["server_key"]["jwk"]) == {"kty", "crv", "x", "y"}


def test_a_revoked_phone_gets_nothing_and_is_told_so() -> None:
    lin, file = home()
    phone, wu = Phone(lin), make.wu()
    with make.as_(wu):
        devices.revoke(device=Device.objects.get(), by=wu, at=clock())
    for response in (
        phone.register(),
        phone.get(f"pack?device={phone.device}"),
        phone.send(phone.op("visit", visit(file))),
    ):
        says(response, 403, "revoked")


def test_somebody_elses_phone_cannot_be_used() -> None:
    lin, _ = home()
    phone = Phone(lin)
    other = Phone(make.user("director", make.NEXT), device=phone.device, registered=False)
    says(other.register(), 422, "device")
    says(other.get(f"pack?device={phone.device}"), 422, "device")
    says(other.send(), 422, "device")


def test_an_app_of_another_contract_is_told_to_update() -> None:
    phone = Phone(home()[0])
    says(phone.send(v=99), 422, "version")


def test_too_much_too_deep_and_nonsense_get_a_sentence() -> None:
    phone = Phone(home()[0])
    says(phone.post("operations", b"x" * 1_000_000), 413, "too_large")
    says(phone.post("operations", b"x" * 6_000_000), 413, "too_large")
    says(phone.send(*[{}] * 101), 413, "too_large")
    says(phone.post("operations", b"[" * 200_000), 400, "malformed")
    says(phone.post("operations", b"\xff\xfe"), 400, "malformed")
    says(phone.post("operations", {"device": 1, "operations": "x"}), 400, "malformed")
    says(phone.post("devices", {"id": "x", "name": "n" * 500, "store": "?", "v": 1}), 400, "malformed")
    says(phone.get("pack?device=nonsense"), 400, "malformed")
    deep: Any = 1
    for _ in range(100):
        deep = [deep]
    assert phone.one({**phone.op("visit", {"a": deep})})["reason"]["code"] == "malformed"


def test_the_pack_holds_the_village_and_nothing_else_and_then_only_what_changed() -> None:
    lin, file = home()
    ma = make.ma()
    with make.as_(ma):
        make.file(ma, division=make.THERE, name="别处合成")
    phone = Phone(lin)
    first = phone.pack()
    assert first["full"] and [c["name"] for c in first["children"]] == ["张小合"] and first["removed"] == []
    assert first["children"][0]["duties"] and first["lives_days"] == 14
    nothing = phone.pack(first["cursor"])
    assert not nothing["full"] and nothing["children"] == []
    phone.one(phone.op("visit", visit(file)))
    after = phone.pack(first["cursor"])
    assert not after["full"] and after["children"][0]["visits"]
    assert phone.pack("nonsense")["full"]


def test_who_has_left_the_village_leaves_the_pack() -> None:
    from hutong.people import files

    lin, file = home()
    phone, wu = Phone(lin), make.wu()
    cursor = phone.pack()["cursor"]
    with make.as_(wu):
        files.move(file=file, division=make.NEXT, on=clock().date(), by=wu, at=clock())
    assert phone.pack(cursor)["removed"] == [str(file.pk)]


def _with_a_carer() -> tuple[Phone, File]:
    zhou, lin = make.zhou(), make.lin()
    with make.as_(zhou):
        file = make.file(zhou)
        granny = persons.register_person(
            division=make.HERE, name="合成奶奶", phone="13900000000", sex="2", by=zhou, at=make.AT
        )
        circumstances.add_kin(
            child=file.child, relative=granny, relation="63", carer=True, source="census", by=zhou, at=make.AT
        )
    return Phone(lin), file


def test_a_director_can_dial_the_carers_and_each_number_given_out_is_a_look_at_that_file() -> None:
    phone, file = _with_a_carer()
    first = phone.pack()
    assert [carer["phone"] for carer in first["children"][0]["carers"]] == ["13900000000"]
    assert phone.pack(first["cursor"])["children"] == []
    given = Access.objects.get(what="dial")
    assert (given.subject_id, given.user_id, given.division) == (file.pk, phone.user.pk, make.HERE)


def test_without_the_right_to_carry_numbers_there_are_none_and_no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    role = access.ROLES["director"]
    monkeypatch.setitem(access.ROLES, "director", role.model_copy(update={"verbs": role.verbs - {"dial"}}))
    phone, _ = _with_a_carer()
    assert [carer["phone"] for carer in phone.pack()["children"][0]["carers"]] == [None]
    assert not Access.objects.filter(what="dial").exists()


def test_a_number_whose_key_is_gone_keeps_nobody_from_the_pack() -> None:
    phone, _ = _with_a_carer()
    Person.objects.filter(name="合成奶奶").update(phone_sealed=b"\x01damaged")
    assert [carer["phone"] for carer in phone.pack()["children"][0]["carers"]] == [None]


def test_who_lost_the_post_is_denied() -> None:
    lin, _ = home()
    phone = Phone(lin)
    Post.objects.filter(user=lin).update(end=clock().date())
    says(phone.get(f"pack?device={phone.device}"), 403, "denied")


def test_the_api_describes_itself_as_openapi() -> None:
    said = Client().get("/field/v1/openapi.json").json()
    assert said["openapi"].startswith("3.1") and "/field/v1/operations" in said["paths"]
