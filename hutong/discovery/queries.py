"""How each rule has done, from what people decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.expressions import Combinable

from hutong.discovery.models import Lead
from hutong.discovery.pipelines.rules import Rule, by_id, rules
from hutong.kernel.clock import day
from hutong.kernel.scope import Scope, acting
from hutong.policy import access
from hutong.policy.leads import LEADS
from hutong.staff.models import Post
from hutong.staff.queries import held_on, within


@dataclass(frozen=True)
class Done:
    """A rule with its leads in the asker's area. `precision`: percent of the decided that were true; None: none decided."""

    rule: Rule
    leads: int
    waiting: int
    decided: int
    true: int
    precision: int | None
    took: timedelta | None


def by_rule(scope: Scope) -> list[Done]:
    """Each rule, also those without a lead."""
    decided, true = Q(state__in=("true", "false")), Q(state="true")
    rows = Lead.objects.visible_to(scope).values("rule").annotate(
        leads=Count("pk"), waiting=Count("pk", filter=Q(state__in=("open", "unsure"))), decided=Count("pk", filter=decided),
        true=Count("pk", filter=true), took=Avg(F("decided_at") - F("taken_at"), filter=decided),
    )  # fmt: skip
    found = {row["rule"]: row for row in rows}
    return [_done(rule, found.get(rule.head.id, {})) for rule in rules()]


def _done(rule: Rule, row: dict[str, object]) -> Done:
    leads, waiting, decided, true = (int(str(row.get(name, 0))) for name in ("leads", "waiting", "decided", "true"))
    took = row.get("took")
    return Done(
        rule=rule, leads=leads, waiting=waiting, decided=decided, true=true, precision=100 * true // decided if decided else None,
        took=took if isinstance(took, timedelta) else None,
    )  # fmt: skip


@contextmanager
def counting(scope: Scope) -> Iterator[Scope]:
    """The asker's own scope; for who sees figures only, one that counts the place and shows no row.

    Restricted leads are counted by those alone who are named to them.
    """
    if "confirm" in scope.verbs:
        yield scope
        return
    with acting(replace(scope, ranges=scope.area, reads=frozenset(access.DOMAINS))) as wide:
        yield wide


def severity(lead: Lead) -> str:
    """How grave what the rule looks for is; of a rule that is gone, the middle."""
    rule = by_id(lead.rule)
    return rule.head.severity if rule else "middle"


def due_on(lead: Lead) -> date:
    """By when somebody should have decided."""
    return day(lead.taken_at) + timedelta(days=LEADS.clock.days[severity(lead)])


def capacity(scope: Scope, on: date) -> int:
    """How many leads the county officers of the area can judge in a week; at least one officer is asking."""
    officers = (
        Post.objects.filter(within(scope.area), held_on(on), role="county_officer").values("user").distinct().count()
    )
    return max(1, officers) * LEADS.capacity.a_week


def groups(scope: Scope) -> dict[str, dict[str, tuple[int, int, int]]]:
    """Leads, decided and true of them, by place (county; within one county its towns), sex and disability. Villages are left out."""
    rows = Lead.objects.visible_to(scope).exclude(birth_date=None)
    wide = len({low // 1_000_000 for low, _high in scope.ranges}) > 1 or any(
        high - low > 1_000_000 for low, high in scope.ranges
    )
    step = 1_000_000 if wide else 1_000
    return {
        "place": _counted(rows, F("division") / step, lambda group: str(group * step)),
        "sex": _counted(rows, F("sex"), str),
        "disability": _counted(rows, F("disabled"), str),
    }


def _counted(rows: QuerySet[Lead], group: Combinable, name: Callable[[Any], str]) -> dict[str, tuple[int, int, int]]:
    decided, true = Q(state__in=("true", "false")), Q(state="true")
    found = rows.annotate(group=group).values("group").order_by("group").annotate(
        leads=Count("pk"), decided=Count("pk", filter=decided), true=Count("pk", filter=true)
    )  # fmt: skip
    return {name(row["group"]): (row["leads"], row["decided"], row["true"]) for row in found}
