"""What asks for a look in the next days: turning 16 or 18, terms that end, waiting times that are over. It never acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

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
    rows = list(running)
    found = [*_ages(rows, on, until), *_waits(rows, until), *_terms(rows, until)]
    return sorted(found, key=lambda prompt: (prompt.on, prompt.category.pk))


def _ages(rows: list[Category], on: date, until: date) -> list[Prompt]:
    found = []
    for row in rows:
        years, child = ENDS_AT.get(row.kind), row.file.child
        if years and child.birth_date and child.birth_precision == "day":
            reached = day_reached(child.birth_date, years, on)
            if reached <= until:
                label = codes.label("category", row.kind)
                found.append(Prompt(row, reached, f"年满 {years} 周岁，请核实“{label}”是否退出，退出前核对其他类别"))
    return found


def _waits(rows: list[Category], until: date) -> list[Prompt]:
    return [
        Prompt(row, row.prompt_on, "等待期限到了，请核对材料")
        for row in rows
        if row.prompt_on and row.prompt_on <= until
    ]


def _terms(rows: list[Category], until: date) -> list[Prompt]:
    """Facts of parents with an end in sight: released, returned."""
    by_child = {row.file.child_id: row for row in rows}
    kin = dict(
        Kinship.objects.filter(child__in=by_child, relation__in=("51", "52"), end=None).values_list(
            "relative_id", "child_id"
        )
    )
    facts = Circumstance.objects.filter(
        person__in=kin, withdrawn_at=None, end__isnull=False, end__lte=until, end__gte=until - timedelta(365)
    )
    return [
        Prompt(by_child[kin[fact.person_id]], fact.end, f"父母“{circumstances.KINDS[fact.kind].zh}”的情况结束，请核实")
        for fact in facts.order_by("end", "pk")
        if fact.end and fact.kind in circumstances.KINDS
    ]
