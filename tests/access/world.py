"""Two counties with the same things in each, and one user for every role at home in the first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from hutong.casework.models import Report
from hutong.discovery.models import HomeCheck, Lead, Run
from hutong.duties.models import Duty
from hutong.exchange.models import CityDelivery, Conflict, Delivery, FeedDelivery, FieldOperation, SharingAgreement
from hutong.exchange.sealing import seal_json
from hutong.kernel.models import Attachment
from hutong.kernel.scope import Scope
from hutong.people.models import Category, File, Merge, Pair, Person
from hutong.places.codes import county, town
from hutong.places.models import Organisation
from hutong.policy import access
from hutong.staff.access import scope_of
from hutong.staff.models import Device, Grant, Notice, Post, User
from hutong.wellbeing.models import Agreement, Flag, Photo, Visit

HERE, THERE, CITY = 371726001216, 371721001001, 371700000000
AT = datetime(2026, 11, 2, 3, tzinfo=UTC)
_LEVELS = {
    "village": lambda c: c,
    "town": town,
    "county": county,
    "city": lambda c: CITY,
    "organisation": county,
}


class World:
    """Rows in both places, made once for each test."""

    def __init__(self) -> None:
        self.users = {role: self._user(role) for role in access.ROLES}
        self.things = {place: self._things(place) for place in (HERE, THERE)}

    def _user(self, role: str) -> User:
        user = User.objects.create(username=f"t-{role}", name=f"合成{role}", created_at=AT, synthetic=True)
        level = next(name for name in _LEVELS if name in access.ROLES[role].levels)
        organisation = self._bureau("市教育局") if access.ROLES[role].office else None
        if level == "organisation":
            organisation = Organisation.objects.create(
                kind="department", name=role, division=county(HERE), valid_from=AT.date()
            )
        Post.objects.create(
            user=user, role=role, division=_LEVELS[level](HERE), organisation=organisation, start=date(2026, 1, 1)
        )
        return user

    def _bureau(self, department: str) -> Organisation:
        return Organisation.objects.create(
            kind="department", name=department, department=department, division=CITY, valid_from=AT.date()
        )

    def _things(self, place: int) -> dict[str, Any]:
        officer = User.objects.create(username=f"o-{place}", name="合成", created_at=AT, synthetic=True)
        post = Post.objects.create(user=officer, role="director", division=place, start=date(2026, 1, 1))
        child, other = (Person.objects.create(division=place, name=n, created_at=AT) for n in ("童甲", "童乙"))
        first, second = sorted((child.pk, other.pk))
        file = File.objects.create(child=child, number=f"F{place}", division=place, opened_on=AT.date())
        base = {"file": file, "division": place}
        pair = Pair.objects.create(first_id=first, second_id=second, division=place, score=90)
        moved: dict[str, Any] = {"pair": str(pair.pk), "taken": [], "kin": [], "kin_of": [], "facts": []}
        attachment = Attachment.objects.create(
            kind="photo", name="p.jpg", media_type="image/jpeg", size=1, sha256="0" * 64, path="none",
            subject_kind="people.file", subject_id=file.pk, division=place, domain="care", at=AT,
        )  # fmt: skip
        visit = Visit.objects.create(
            **base,
            occurred_on=AT.date(),
            entered_at=AT,
            by=officer,
            questionnaire="home_visit",
            questionnaire_version=1,
        )
        device = Device.objects.create(
            id=uuid4(), user=officer, division=place, name="t", store="browser", registered_at=AT
        )
        operation = FieldOperation.objects.create(
            op=uuid4(), digest="0" * 64, user=officer, device=device, division=place, seq=1, kind="change",
            happened_at=AT, entered_at=AT, skew_seconds=0, body_sealed=seal_json({"what": "moved"}), status="needs_review",
        )  # fmt: skip
        lead = Lead.objects.create(
            key=f"k{place}", rule="uncared_for", division=place, domain="judicial", name="童甲", sex="2", certainty="sure",
            weight=1, first_found_on=AT.date(), last_found_on=AT.date(), taken_at=AT,
        )  # fmt: skip
        check = HomeCheck.objects.create(
            lead=lead, division=place, name="童甲", sex="2", ask="t", asked_by=officer, asked_at=AT
        )
        agreement = SharingAgreement.objects.create(
            feed="school", division=county(place), domain="schooling", number="t", purpose="t", legal_basis="t", fields=["name"],
            retention_days=30, start=AT.date(), by=officer, at=AT,
        )  # fmt: skip
        received = FeedDelivery.objects.create(
            number=place, feed="school", division=county(place), domain="schooling", agreement=agreement, channel="upload",
            file_name="学籍.csv", size=1, sha256=f"{place:064}", by=officer, received_at=AT,
        )  # fmt: skip
        office = self.users["data_liaison"].posts.get().organisation if place == HERE else self._bureau("市公安局")
        whole = CityDelivery.objects.create(
            number=place + 1, feed="school", division=CITY, domain="schooling", organisation=office, channel="upload",
            file_name="全市学籍.csv", size=1, sha256=f"{place + 1:064}", by=officer, received_at=AT,
        )  # fmt: skip
        return {
            "sent": whole.pk,
            "file": file.pk,
            "conflict": Conflict.objects.create(
                operation=operation, kind="field", field="address", division=place, file_id=file.pk, made_at=AT
            ).pk,
            "person": child.pk,
            "category": Category.objects.create(**base, kind="LEFT_BEHIND", proposed_by=officer, proposed_at=AT).pk,
            "delivery": Delivery.objects.create(
                division=county(place), attachment=attachment, file_name="名册.xlsx", sha256="0" * 64, by=officer, received_at=AT
            ).pk,
            "duty": Duty.objects.create(
                obligation="visit.periodic", obligation_version="1", subject_id=file.pk, file=file, division=place,
                period_key="k", bearer="director", opens_on=AT.date(), due_on=AT.date(), final_on=AT.date(), created_at=AT,
            ).pk,
            "visit": visit.pk,
            "agreement": Agreement.objects.create(
                **base, carer=other, relation="63", start=AT.date(), reason="外出务工", created_at=AT
            ).pk,
            "flag": Flag.objects.create(
                **base, domain="care", kind="nobody_home", severity="amber", text="t", source_kind="test", raised_at=AT
            ).pk,
            "pair": pair.pk,
            "merge": Merge.objects.create(kept=child, merged=other, division=place, by=officer, at=AT, before=moved).pk,
            "photo": Photo.objects.create(visit=visit, **base, attachment=attachment).pk,
            "attachment": attachment.pk,
            "notice": Notice.objects.create(user=officer, kind="t", text="t", division=place, created_at=AT).pk,
            "lead": lead.pk,
            "check": check.pk,
            "post": post.pk,
            "user": officer.pk,
            "code": place,
            "path": "sw.js",
            "report": Report.objects.create(
                receipt=f"JB{place}", division=place, facts="t", reported_at=AT, entered_at=AT, by=officer
            ).pk,
            "device": device.pk,
            "blob": UUID(int=7),  # one that nobody began: a picture is its sender's own (tests/field/test_blobs.py)
            "topic": "visit",
            "rule": "uncared_for",
            "measure": "M10",
            "obligation": "M10-O1",
            "kind": "visit",
            "sheet": "x",
            "grant": Grant.objects.create(user=officer, subject_id=file.pk, division=place, start=AT, because="t", given_by=officer).pk,
            "op_id": uuid4(),
            "feed": "school",
            "received": received.pk,
            "run": Run.objects.create(division=county(place), on=AT.date(), state="done", by=officer, asked_at=AT).pk,
        }  # fmt: skip

    def client(self, role: str) -> Client:
        """A browser in which this role is signed in."""
        client = Client(raise_request_exception=False)
        client.force_login(self.users[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    def scope(self, role: str) -> Scope:
        """What the role's user may."""
        return scope_of(self.users[role], on=timezone.localdate())

    def url(self, name: str, pattern: URLPattern, place: int) -> str:
        """The address, with the place's things for its parameters."""
        parameters = pattern.pattern.converters
        return reverse(name, kwargs={key: self.things[place][key] for key in parameters})


@pytest.fixture
def world(db: None) -> World:
    return World()
