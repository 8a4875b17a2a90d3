"""A new sealing key: everything sealed before is sealed again, and can be opened with the new key alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection

from hutong.config import folders, keys, resealing
from hutong.kernel import ciphers
from hutong.kernel.models import Event
from hutong.people.models import Person
from tests import make

OLD, NEW = b"o" * 32, b"n" * 32
INDEX = b"i" * 32


@pytest.fixture
def old_key(db: None) -> Iterator[None]:
    ciphers.configure({1: OLD}, index_secret=INDEX)
    yield
    ciphers.configure(settings.SEAL_KEYS, suite=settings.SEAL_SUITE, index_secret=settings.SEAL_INDEX_KEY)


@pytest.fixture
def child(old_key: None) -> Person:
    lin = make.lin()
    with make.as_(lin):
        found = make.file(lin, phone="13800138000").child
    Person.objects.filter(pk=found.pk).update(name="改名合成")
    Authenticator.objects.create(user=lin, type="totp", data={"secret": get_adapter().encrypt("JBSWY3DP")})
    return Person.objects.get(pk=found.pk)


def test_after_rotation_the_new_key_alone_opens_everything(child: Person) -> None:
    number, index = ciphers.unseal(child.id_sealed, "id_number"), child.id_key
    ciphers.configure({1: OLD, 2: NEW}, index_secret=INDEX)
    assert resealing.reseal(at=make.AT) > 2
    assert set(resealing.in_use()) == {2}
    ciphers.configure({2: NEW}, index_secret=INDEX)
    child.refresh_from_db()
    assert ciphers.unseal(child.id_sealed, "id_number") == number
    assert ciphers.unseal(child.phone_sealed, "phone") == "13800138000"
    assert child.id_key == index == ciphers.blind(number, "id_number")
    assert get_adapter().decrypt(Authenticator.objects.get().data["secret"]) == "JBSWY3DP"


def test_histories_are_sealed_again_without_a_line_of_history_of_their_own(child: Person) -> None:
    count = "select count(*) from people_personevent"
    with connection.cursor() as cursor:
        before = cursor.execute(count).fetchone()
        ciphers.configure({1: OLD, 2: NEW}, index_secret=INDEX)
        resealing.reseal(at=make.AT)
        assert cursor.execute(count).fetchone() == before
        cursor.execute(
            "select bool_and(get_byte(id_sealed, 0) = 2) from people_personevent where id_sealed is not null"
        )
        assert cursor.fetchone() == (True,)


def test_again_it_changes_nothing_and_it_goes_on_where_it_stopped(
    child: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ciphers.configure({1: OLD, 2: NEW}, index_secret=INDEX)
    monkeypatch.setattr(resealing, "BATCH", 1)
    first = resealing._batch(Person, "id_sealed")
    assert first == 1
    resealing.reseal(at=make.AT)
    assert resealing.reseal(at=make.AT) == 0
    assert Event.objects.filter(kind="kernel.keys.resealed").count() == 1


def test_a_value_whose_key_is_lost_stops_it_and_is_kept(child: Person) -> None:
    kept = bytes(child.id_sealed)
    ciphers.configure({2: NEW}, index_secret=INDEX)
    with pytest.raises(ciphers.Unsealable):
        resealing._batch(Person, "id_sealed")
    child.refresh_from_db()
    assert bytes(child.id_sealed) == kept


def test_every_sealed_column_says_what_it_was_sealed_for() -> None:
    found = list(resealing.columns())
    assert {column for _, column in found} == set(resealing.PURPOSES)
    assert {model._meta.db_table for model, _ in found} >= {"people_person", "people_personevent", "exchange_row"}


def test_a_further_key_gets_the_next_number_and_the_old_ones_stay(tmp_path: Path) -> None:
    keys.path(tmp_path).write_text("HUTONG_SECRET_KEY=s\nHUTONG_SEAL_KEYS=1:aa\nHUTONG_INDEX_KEY=bb\n")
    assert keys.add(tmp_path) == 2
    assert keys.read(keys.path(tmp_path))["HUTONG_SEAL_KEYS"].startswith("1:aa,2:")
    assert keys.path(tmp_path).stat().st_mode & 0o777 == 0o600
    with pytest.raises(folders.Trouble, match="密钥不在数据文件夹里"):
        keys.add(tmp_path / "elsewhere")
