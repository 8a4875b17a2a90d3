"""What asks for a look in the next days: turning 16 or 18, terms that end, waiting times that are over. It never acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hutong.kernel.scope import Scope
from hutong.people.models import Category, Circumstance, Kinship
from hutong.policy import circumstances, codes
from hutong.policy.categories.facts import day_reached
from hutong.policy.prompts import AHEAD_DAYS, ENDS_AT


@dataclass(frozen=True)
class Prompt:
    """One child, one sentence, one day."""

    category: Category
    on: date
    text: str


def prompts(*, scope: Scope, on: date) -> list[Prompt]:
    """Prompts of the asker's area for the coming days and what has passed without an officer's look, soonest first."""
    until = on + timedelta(days=AHEAD_DAYS.on(on))
    running = (
        Category.objects.visible_to(scope)
        .filter(state="confirmed", end=None, file__closed_on=None)
        .select_related("file__child")
        .order_by("division", "pk")
    )
    ages = _ages(running, on, until)
    told = {(prompt.category.pk, prompt.on) for prompt in ages}  # a rule also waits for the birthday that ends it
    waits = [prompt for prompt in _waits(running, until) if (prompt.category.pk, prompt.on) not in told]
    return sorted([*ages, *waits, *_terms(running, until)], key=lambda prompt: (prompt.on, prompt.category.pk))


def _old_enough(until: date) -> Q:
    """Who may reach the age by then; leap days make it a few too many, which `_ages` looks at one by one."""
    near = Q()
    for years in set(ENDS_AT.values()):
        kinds = [kind for kind, age in ENDS_AT.items() if age == years]
        near |= Q(kind__in=kinds, file__child__birth_date__lte=until - timedelta(days=365 * years))
    return near


def _ages(running: QuerySet[Category], on: date, until: date) -> list[Prompt]:
    found = []
    for row in running.filter(_old_enough(until)):
        years, child = ENDS_AT.get(row.kind), row.file.child
        if years and child.birth_date and child.birth_precision == "day":
            reached = day_reached(child.birth_date, years, on)
            if reached <= until:
                found.append(Prompt(row, reached, _of_age(row.kind, years)))
    return found


def _of_age(kind: str, years: int) -> str:
    said = _("年满 %(n)s 周岁，请核实“%(kind)s”是否退出，退出前核对其他类别")
    return said % {"n": years, "kind": codes.label("category", kind, get_language() or "zh")}


def _ended(kind: str) -> str:
    said = _("父母“%(what)s”的情况结束，请核实")
    return said % {"what": circumstances.sentence(kind, {}, get_language() or "zh")}


def _waits(running: QuerySet[Category], until: date) -> list[Prompt]:
    rows = running.filter(prompt_on__lte=until)
    return [Prompt(row, row.prompt_on, _("等待期限到了，请核对材料")) for row in rows if row.prompt_on]


def _terms(running: QuerySet[Category], until: date) -> list[Prompt]:
    """Facts of parents with an end in sight: released, returned. From the few facts that end to their children."""
    ending = Circumstance.objects.filter(withdrawn_at=None, end__lte=until, end__gte=until - timedelta(365))
    facts = [fact for fact in ending.order_by("end", "pk") if fact.kind in circumstances.KINDS]
    parents = Kinship.objects.filter(
        relative__in={fact.person_id for fact in facts}, relation__in=("51", "52"), end=None
    )
    kin = dict(parents.values_list("relative_id", "child_id"))
    by_child = {row.file.child_id: row for row in running.filter(file__child__in=set(kin.values()))}
    return [
        Prompt(by_child[kin[fact.person_id]], fact.end, _ended(fact.kind))
        for fact in facts
        if fact.end and kin.get(fact.person_id) in by_child
    ]
