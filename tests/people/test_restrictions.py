"""A restricted file is closed by the database itself, with all that hangs on it, and is still counted."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client

from hutong.duties import operations as duties
from hutong.duties.models import Duty
from hutong.insight import boards
from hutong.kernel.refusals import Denied, Refusal
from hutong.people import circumstances, restrictions
from hutong.people.models import Category, File, Kinship, Person
from hutong.people.search import search
from hutong.places.codes import county
from hutong.staff.models import Grant, Notice, User
from tests import make
from tests.make import AT, HERE, ON

pytestmark = pytest.mark.django_db


class Cast:
    """A file with a bit of everything, restricted by Zhou, who names Lin."""

    def __init__(self) -> None:
        self.zhou, self.qin, self.lin, self.wu, self.ma = make.zhou(), make.qin(), make.lin(), make.wu(), make.ma()
        with make.as_(self.zhou):
            self.file = make.file(self.zhou, name="张小合")
            self.father, self.mother = make.parents_away(self.file, self.zhou)
            self.open = make.file(self.zhou, name="李小开")
        make.left_behind(self.file, self.zhou, self.qin)

    def restrict(self, *readers: User) -> None:
        with make.as_(self.zhou):
            restrictions.restrict(file=self.file, because="受侵害个案", readers=readers, by=self.zhou, at=AT)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def _tables() -> Iterator[tuple[str, list[str]]]:
    """Every table of ours with a column that names a file or a person of it."""
    names = {"file_id", "child_id", "person_id", "relative_id", "about", "subject_id", "first_id", "kept_id"}
    for model in apps.get_models():
        if model.__module__.startswith("hutong.") and model._meta.managed:
            columns = [field.column for field in model._meta.concrete_fields]
            found = [name for name in columns if name in names]
            own = model._meta.db_table in {"people_person", "people_file", "people_personevent", "people_fileevent"}
            if found or own:
                yield model._meta.db_table, found + (["id"] if own else [])


def _rows(cast: Cast) -> dict[str, int]:
    """How many rows of each table are seen that are about the file, the child or a parent."""
    ids = [str(x) for x in (cast.file.pk, cast.file.child_id, cast.father.pk, cast.mother.pk)]
    counted = {}
    with connection.cursor() as cursor:
        for table, columns in _tables():
            where = " or ".join(f"{column}::text = any(%s)" for column in columns)
            cursor.execute(f"select count(*) from {table} where {where}", [ids] * len(columns))
            counted[table] = cursor.fetchone()[0]
    return counted


def test_every_table_that_names_a_file_or_a_person_is_shut() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename from pg_policies where permissive = 'RESTRICTIVE' and policyname like '%%_shut'"
        )
        shut = {name for (name,) in cursor.fetchall()}
    open_for_a_reason = {"staff_notice"}  # one's own, without personal data
    assert {table for table, _ in _tables()} - shut <= open_for_a_reason


def test_whoever_is_not_named_sees_nothing_of_it_in_any_table(cast: Cast) -> None:
    cast.restrict(cast.lin)
    with make.as_(cast.qin):
        assert {table: n for table, n in _rows(cast).items() if n and table != "staff_notice"} == {}
        assert File.objects.get() == cast.open
    with make.as_(cast.lin):
        seen = _rows(cast)
        assert all(
            seen[name]
            for name in (
                "people_file",
                "people_person",
                "people_token",
                "people_circumstance",
                "duties_duty",
                "kernel_event",
            )
        )


def test_the_parents_of_a_child_who_is_open_stay_seen(cast: Cast) -> None:
    with make.as_(cast.zhou):
        circumstances.add_kin(
            child=cast.open.child, relative=cast.father, relation="51", source="census", by=cast.zhou, at=AT
        )
    cast.restrict()
    with make.as_(cast.qin):
        assert Person.objects.filter(pk=cast.father.pk).exists()
        assert not Person.objects.filter(pk=cast.mother.pk).exists()
        assert not Kinship.objects.filter(child=cast.file.child_id).exists()


def test_search_and_the_exact_number_do_not_find_it(cast: Cast) -> None:
    cast.restrict()
    with make.as_(cast.qin) as scope:
        assert not search(text="张小合", scope=scope, by=cast.qin, at=AT).people
        with connection.cursor() as cursor:
            cursor.execute("select place, person from hutong_match_identifier(%s)", [cast.file.child.id_key])
            assert cursor.fetchone() == ("elsewhere", None)
    with make.as_(cast.zhou) as scope:
        assert search(text="张小合", scope=scope, by=cast.zhou, at=AT).people


def test_it_is_counted_on_the_board_and_its_duties_go_on(cast: Cast) -> None:
    cast.restrict()
    with make.as_(cast.qin) as scope:
        figures = boards.board(scope=scope, code=county(HERE), on=ON).total.values
        assert figures["files"].part == 2 and figures["left_behind"].part == 1
    city = make.user("city_officer", 371700000000)
    with make.as_(city) as scope:
        lines = boards.board(scope=scope, code=371700000000, on=ON).lines
        assert next(line for line in lines if line.code == county(HERE)).values["files"].part == 2
    before = Duty.objects.filter(file=cast.file).count()
    duties.run(on=ON, at=AT)
    assert Duty.objects.filter(file=cast.file).count() >= before > 0


def test_nobody_without_a_grant_writes_to_it(cast: Cast) -> None:
    cast.restrict()
    with make.as_(cast.qin):
        assert File.objects.filter(pk=cast.file.pk).update(attention="red") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Category.objects.create(
                file_id=cast.file.pk, division=HERE, kind="LEFT_BEHIND", proposed_by=cast.qin, proposed_at=AT
            )


def test_named_persons_come_and_go(cast: Cast) -> None:
    cast.restrict()
    with make.as_(cast.zhou):
        restrictions.give(file=cast.file, reader=cast.lin, because="负责走访", by=cast.zhou, at=AT)
    assert Notice.objects.filter(user=cast.lin, kind="grant.given").exists()
    with make.as_(cast.lin):
        assert File.objects.filter(pk=cast.file.pk).exists()
    with make.as_(cast.zhou):
        held = Grant.objects.get(user=cast.lin)
        restrictions.take(file=cast.file, grant=held.pk, by=cast.zhou, at=AT)
        own = Grant.objects.get(user=cast.zhou)
        with pytest.raises(Refusal):
            restrictions.take(file=cast.file, grant=own.pk, by=cast.zhou, at=AT)
        with pytest.raises(Refusal):
            restrictions.give(file=cast.file, reader=cast.ma, because="别的县的", by=cast.zhou, at=AT)
    with make.as_(cast.lin):
        assert not File.objects.filter(pk=cast.file.pk).exists()


def test_lifting_opens_it_again_and_ends_the_grants(cast: Cast) -> None:
    cast.restrict()
    op = uuid4()
    with make.as_(cast.zhou):
        for _ in range(2):
            restrictions.lift(file=cast.file, because="个案已结", by=cast.zhou, at=AT, op=op)
    with make.as_(cast.qin):
        assert File.objects.filter(pk=cast.file.pk).exists()
    assert not Grant.objects.filter(end=None).exists()


def test_only_who_has_the_right_restricts_and_says_why(cast: Cast) -> None:
    with make.as_(cast.wu), pytest.raises(Denied):
        restrictions.restrict(file=cast.file, because="受侵害个案", by=cast.wu, at=AT)
    with make.as_(cast.zhou), pytest.raises(Refusal):
        restrictions.restrict(file=cast.file, because=" ", by=cast.zhou, at=AT)


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_pages_set_name_and_lift(cast: Cast) -> None:
    zhou, qin, lin = _client(cast.zhou), _client(cast.qin), _client(cast.lin)
    there = f"/children/{cast.file.pk}/restricted/"
    assert zhou.get(there).status_code == 200
    sent = {"because": "受侵害个案", "readers": [str(cast.lin.pk)], "op_id": str(uuid4())}
    assert zhou.post(there, sent).status_code == 302
    page = zhou.get(there).content.decode()
    assert "林合成" in page and "解除限制" in page
    for path in ("", "rules/", "restricted/"):
        assert qin.get(f"/children/{cast.file.pk}/{path}").status_code == 404
    assert "张小合" not in qin.get("/children/").content.decode()
    assert "限制档案" in lin.get(f"/children/{cast.file.pk}/").content.decode()
    assert zhou.post(f"{there}lift/", {"because": "个案已结", "op_id": str(uuid4())}).status_code == 302
    assert qin.get(f"/children/{cast.file.pk}/").status_code == 200
