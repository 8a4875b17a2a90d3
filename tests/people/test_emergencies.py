"""Emergency access: one file, for hours, told to county and data protection officer, reviewed; nothing else opens."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from hutong.kernel.clock import now
from hutong.kernel.models import Access, Event
from hutong.kernel.refusals import Denied, Refusal
from hutong.people import emergencies, restrictions
from hutong.people.models import Circumstance, File, Person
from hutong.places.codes import county
from hutong.staff.access import scope_of
from hutong.staff.models import Grant, Notice, User
from tests import make
from tests.make import HERE, THERE

pytestmark = pytest.mark.django_db
WHY = "孩子走失，公安正在找家人联系方式"


class Cast:
    """A file of the county HERE; a city officer, a data protection officer, an officer of another county."""

    def __init__(self) -> None:
        self.zhou, self.ma, self.lin = make.zhou(), make.ma(), make.lin()
        self.city = make.user("city_officer", 371700000000)
        self.dpo = make.user("dpo", county(HERE), name="数合成")
        self.far_dpo = make.user("dpo", county(THERE))
        with make.as_(self.zhou):
            self.file = make.file(self.zhou, name="张小合")
            make.parents_away(self.file, self.zhou)
            self.other = make.file(self.zhou, name="李小别")

    def take(self, who: User) -> None:
        with make.as_(who):
            emergencies.open_up(number=self.file.number, because=WHY, by=who, at=now())


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.mark.parametrize("who", ["city", "ma"])
def test_it_opens_this_child_and_no_other(cast: Cast, who: str) -> None:
    user: User = getattr(cast, who)
    with make.as_(user):
        assert not File.objects.exists()
    cast.take(user)
    with make.as_(user):
        assert list(File.objects.all()) == [cast.file]
        assert Person.objects.count() == 4  # the child, both parents, the grandmother
        assert Circumstance.objects.exists()
        assert Event.objects.filter(about=cast.file.pk).exists()


def test_identity_number_needs_the_name(cast: Cast) -> None:
    from hutong.kernel import ciphers

    number = ciphers.unseal(cast.file.child.id_sealed, "id_number")
    with make.as_(cast.ma):
        assert emergencies.open_up(id_number=number, name="别的名字", because=WHY, by=cast.ma, at=now()) is None
        found = emergencies.open_up(id_number=number, name="张小合", because=WHY, by=cast.ma, at=now())
    assert found == cast.file.pk
    assert [row.data["found"] for row in Access.objects.filter(what="emergency").order_by("at")] == [False, True]


def test_it_opens_a_restricted_file(cast: Cast) -> None:
    with make.as_(cast.zhou):
        restrictions.restrict(file=cast.file, because="受侵害个案", by=cast.zhou, at=now())
    qin = make.qin()
    cast.take(qin)
    with make.as_(qin):
        assert File.objects.filter(pk=cast.file.pk).exists()


def test_it_ends_by_itself(cast: Cast) -> None:
    cast.take(cast.city)
    Grant.objects.update(start=now() - timedelta(hours=4), end=now() - timedelta(hours=1))
    with make.as_(cast.city):
        assert not File.objects.exists()
        assert not scope_of(cast.city).reads


def test_county_and_data_protection_officer_are_told_without_a_name(cast: Cast) -> None:
    cast.take(cast.city)
    told = Notice.objects.filter(kind="emergency.taken")
    assert {notice.user_id for notice in told} == {cast.zhou.pk, cast.dpo.pk}
    assert all("张" not in notice.text and notice.urgent for notice in told)


def test_it_needs_the_right_a_reason_and_is_rare(cast: Cast) -> None:
    with make.as_(cast.lin), pytest.raises(Denied):
        emergencies.open_up(number=cast.file.number, because=WHY, by=cast.lin, at=now())
    with make.as_(cast.lin), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select hutong_emergency(%s, '', '', %s, now())", [cast.file.number, WHY])
    with make.as_(cast.city), pytest.raises(Refusal):
        emergencies.open_up(number=cast.file.number, because="急", by=cast.city, at=now())
    at = now()
    with make.as_(cast.city), pytest.raises(Refusal, match="太勤"):
        for _ in range(9):
            emergencies.open_up(number=cast.file.number, because=WHY, by=cast.city, at=at)


def test_nobody_grants_himself_anything_in_the_database(cast: Cast) -> None:
    cast.take(cast.city)
    with make.as_(cast.city):
        with pytest.raises(DatabaseError), transaction.atomic():
            Grant.objects.filter(user=cast.city).update(end=now() + timedelta(days=300))
        with pytest.raises(DatabaseError), transaction.atomic():
            Grant.objects.filter(user=cast.city).update(subject_id=cast.other.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            Grant.objects.filter(user=cast.city).update(verdict="justified")
        with pytest.raises(DatabaseError), transaction.atomic():
            Grant.objects.create(
                user=cast.city, subject_id=cast.other.pk, division=HERE, start=now(), because="t", given_by=cast.city
            )


def test_the_review_is_by_the_officer_of_the_area_once_and_an_unjustified_one_ends_at_once(cast: Cast) -> None:
    cast.take(cast.city)
    grant = Grant.objects.get(kind="emergency")
    words = {"verdict": "unjustified", "note": "可以按正常办法查", "at": now()}
    with make.as_(cast.far_dpo) as scope, pytest.raises(Denied):
        emergencies.review(grant=grant.pk, scope=scope, by=cast.far_dpo, **words)
    with make.as_(cast.dpo) as scope:
        emergencies.review(grant=grant.pk, scope=scope, by=cast.dpo, **words)
        assert not File.objects.exists()  # the reviewer sees no child
        with pytest.raises(Refusal):
            emergencies.review(grant=grant.pk, scope=scope, by=cast.dpo, **{**words, "verdict": "justified"})
    with make.as_(cast.city):
        assert not File.objects.exists()
    assert Notice.objects.filter(user=cast.city, kind="emergency.reviewed").exists()


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_pages_ask_open_end_and_review(cast: Cast) -> None:
    city, dpo = _client(cast.city), _client(cast.dpo)
    assert "紧急查阅" in city.get("/board/", follow=True).content.decode()
    wrong = city.post("/emergency/", {"number": "0000", "because": WHY})
    assert "没有找到这份档案" in wrong.content.decode() and Access.objects.filter(what="emergency").count() == 1
    opened = city.post("/emergency/", {"number": cast.file.number, "because": WHY}, follow=True)
    assert "张小合" in opened.content.decode()
    assert city.get(f"/children/{cast.other.pk}/").status_code == 404
    grant = Grant.objects.get(kind="emergency")
    assert "有人紧急查阅了" in dpo.get("/").content.decode()
    assert WHY in dpo.get("/emergency/reviews/").content.decode()
    sent = {"verdict": "justified", "note": "情况属实", "op_id": str(uuid4())}
    assert dpo.post(f"/emergency/{grant.pk}/review/", sent).status_code == 302
    assert "情况属实" in dpo.get("/emergency/reviews/").content.decode()
    assert "紧急查阅" in _client(cast.zhou).get("/looks/?what=emergency").content.decode()
    assert city.post(f"/emergency/{grant.pk}/end/").status_code == 302
    assert city.get(f"/children/{cast.file.pk}/").status_code in {403, 404}
