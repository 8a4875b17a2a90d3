"""What a phone sealed to the server is opened here alone, and is the same operation whether it came sealed or plain."""

from __future__ import annotations

import base64
import json
import os
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hutong.exchange.models import FieldOperation
from hutong.people.models import File
from hutong.wellbeing.models import Visit
from tests.field.phone import Phone, home, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> tuple[Phone, File]:
    lin, file = home()
    return Phone(lin), file


def part(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=="), "big")


def seal(item: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    """An operation as the app seals it."""
    body = letter({name: value for name, value in item.items() if name != "seq"}, key)
    return {"op": item["op"], "seq": item["seq"], "kind": "sealed", "at": item["at"], "body": body}


def parcel(content: bytes, about: str, key: dict[str, Any]) -> bytes:
    """A picture as the app seals it: under a key of its own, which lies in a letter."""
    once, iv = os.urandom(32), os.urandom(12)
    head = {"iv": base64.b64encode(iv).decode(), "letter": letter({"key": base64.b64encode(once).decode()}, key)}
    raw = json.dumps(head).encode()
    return b"HTP1" + len(raw).to_bytes(4, "big") + raw + AESGCM(once).encrypt(iv, content, about.encode())


def letter(plain: Any, key: dict[str, Any]) -> dict[str, Any]:
    """As the app seals: a key of one letter's own, HKDF, AES-GCM."""
    theirs = ec.EllipticCurvePublicNumbers(part(key["jwk"]["x"]), part(key["jwk"]["y"]), ec.SECP256R1()).public_key()
    ours = ec.generate_private_key(ec.SECP256R1())
    once = HKDF(hashes.SHA256(), 32, salt=None, info=b"hutong-outbox-1").derive(ours.exchange(ec.ECDH(), theirs))
    iv = os.urandom(12)
    data = AESGCM(once).encrypt(iv, json.dumps(plain, ensure_ascii=False).encode(), None)
    mine = ours.public_key().public_numbers()
    epk = {n: base64.urlsafe_b64encode(getattr(mine, n).to_bytes(32, "big")).rstrip(b"=").decode() for n in "xy"}
    body = {"key": key["id"], "epk": {"kty": "EC", "crv": "P-256", **epk}}
    return body | {"iv": base64.b64encode(iv).decode(), "data": base64.b64encode(data).decode()}


def key_of(phone: Phone) -> dict[str, Any]:
    found: dict[str, Any] = phone.register().json()["server_key"]
    assert set(found["jwk"]) == {"kty", "crv", "x", "y"}
    return found


def test_a_sealed_visit_is_opened_and_recorded(village: Any) -> None:
    phone, file = village
    item = phone.op("visit", visit(file))
    sent = seal(item, key_of(phone))
    assert str(file.pk) not in json.dumps(sent)
    assert phone.one(sent)["status"] == "applied"
    assert Visit.objects.get().by == phone.user
    assert FieldOperation.objects.get().kind == "visit"


def test_sealed_and_plain_are_one_operation(village: Any) -> None:
    phone, file = village
    item, key = phone.op("visit", visit(file)), key_of(phone)
    assert phone.one(item)["status"] == "applied"
    assert phone.one(seal(item, key))["status"] == "duplicate"
    assert Visit.objects.count() == 1


def test_what_does_not_open_is_refused_with_a_sentence_and_blocks_nothing(village: Any) -> None:
    phone, file = village
    key = key_of(phone)
    good = seal(phone.op("visit", visit(file)), key)
    damaged = seal(phone.op("visit", visit(file)), key)
    damaged["body"]["data"] = damaged["body"]["data"][:-8] + "AAAAAAA="
    lost = {**seal(phone.op("visit", visit(file)), key)}
    lost["body"] = {**lost["body"], "key": "77"}
    nonsense = {**damaged, "op": phone.op("x", {})["op"], "body": {"epk": {"x": "*", "y": 3}, "key": "1"}}
    done = phone.results(damaged, lost, nonsense, good)
    assert [row["status"] for row in done] == ["rejected"] * 3 + ["applied"]
    assert {row["reason"]["code"] for row in done[:3]} == {"sealed"}
    assert "手机里" in done[0]["reason"]["message"]


def test_a_letter_that_names_another_operation_is_not_taken(village: Any) -> None:
    phone, file = village
    sent = seal(phone.op("visit", visit(file)), key_of(phone))
    sent["op"] = phone.op("x", {})["op"]
    assert phone.one(sent)["reason"]["code"] == "malformed"
    assert Visit.objects.count() == 0
