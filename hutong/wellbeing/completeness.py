"""How complete a child's file is (一人一档): which required items are there, looked up anew after each change.

Owns finding the items. What is required, and the figure, is policy (file_contents.yaml).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q

from hutong.kernel.clock import day
from hutong.people.models import Category, Circumstance, File, Kinship
from hutong.policy import completeness
from hutong.policy.categories.facts import Child
from hutong.staff.models import User
from hutong.wellbeing.models import Agreement, Contact

_NEED_EVIDENCE = ("ORPHAN", "DE_FACTO_UNSUPPORTED")


def react(file: UUID, *, by: User, at: datetime) -> None:
    """Write the figure down again when it has changed. Called after every operation on a file."""
    on = day(at)
    row = with_items(on).filter(pk=file, closed_on=None).select_related("child").first()
    if row is None:
        return
    found = measure(row, on)
    if found.percent != row.completeness:
        File.objects.filter(pk=file).update(completeness=found.percent)


def of(file: File, on: date) -> completeness.Completeness:
    """What is there and what is missing, for the page of a file."""
    return measure(with_items(on).select_related("child").get(pk=file.pk), on)


def measure(row: Any, on: date) -> completeness.Completeness:
    """Completeness of a file that came with its items (`with_items`)."""
    kinds = set(row.kinds or ()) | ({completeness.SELF} if row.ill_by_rule else set())
    child = Child(row.child.birth_date, row.child.birth_precision)
    age = next((years for years in range(19) if child.under(years + 1, on)), None)
    return completeness.measure(_present(row), kinds, age)


def _present(row: Any) -> set[str]:
    child = row.child
    there = {
        "identity": bool(child.name and child.sex != "0" and child.birth_date),
        "id_number": bool(child.id_key),
        "address": bool(row.division),
        "category": bool(row.kinds),
        "father": row.has_father,
        "mother": row.has_mother,
        "carer": row.has_carer,
        "agreement": row.has_agreement,
        "first_visit": row.last_visit_on is not None,
        "contact": row.has_contact,
        "school": bool(row.school_id) or row.has_study,
        "health": row.has_health,
        "evidence": row.has_evidence,
        "director": row.director_id is not None,
    }
    return {key for key, yes in there.items() if yes}


def with_items(on: date) -> Any:
    """Files with all that the figure needs, in one query; `measure` reads them."""
    kin = Kinship.objects.filter(Q(end=None) | Q(end__gt=on), child=OuterRef("child_id"))
    facts = Circumstance.objects.filter(Q(end=None) | Q(end__gt=on), person=OuterRef("child_id"), withdrawn_at=None)
    confirmed = Category.objects.filter(file=OuterRef("pk"), state="confirmed", end=None)
    running = Q(categories__state="confirmed", categories__end=None)
    return File.objects.annotate(
        kinds=ArrayAgg("categories__kind", filter=running, distinct=True),
        ill_by_rule=Exists(confirmed.filter(kind="IN_DIFFICULTY", basis__contains="D2")),
        has_evidence=Exists(confirmed.filter(kind__in=_NEED_EVIDENCE).exclude(evidence="")),
        has_father=Exists(kin.filter(relation="51")),
        has_mother=Exists(kin.filter(relation="52")),
        has_carer=Exists(kin.filter(carer=True).exclude(relative__phone_key="")),
        has_agreement=Exists(Agreement.objects.filter(file=OuterRef("pk"), state="active")),
        has_contact=Exists(Contact.objects.filter(file=OuterRef("pk"), direction__startswith="parent_")),
        has_study=Exists(facts.filter(kind="study_status")),
        has_health=Exists(facts.filter(kind__in=("disability", "serious_illness"))),
    )
