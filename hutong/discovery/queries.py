"""How each rule has done, from what people decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Avg, Count, F, Q

from hutong.discovery.models import Lead
from hutong.discovery.pipelines.rules import Rule, rules
from hutong.kernel.scope import Scope


@dataclass(frozen=True)
class Done:
    """A rule with its leads in the asker's area. `precision`: percent of the decided that were true; None: none decided."""

    rule: Rule
    leads: int
    decided: int
    precision: int | None
    took: timedelta | None


def by_rule(scope: Scope) -> list[Done]:
    """Each rule, also those without a lead."""
    decided, true = Q(state__in=("true", "false")), Q(state="true")
    rows = Lead.objects.visible_to(scope).values("rule").annotate(
        leads=Count("pk"), decided=Count("pk", filter=decided), true=Count("pk", filter=true),
        took=Avg(F("decided_at") - F("taken_at"), filter=decided),
    )  # fmt: skip
    found = {row["rule"]: row for row in rows}
    return [_done(rule, found.get(rule.head.id, {})) for rule in rules()]


def _done(rule: Rule, row: dict[str, object]) -> Done:
    leads, decided, true = (int(str(row.get(name, 0))) for name in ("leads", "decided", "true"))
    took = row.get("took")
    return Done(
        rule=rule, leads=leads, decided=decided, precision=100 * true // decided if decided else None,
        took=took if isinstance(took, timedelta) else None,
    )  # fmt: skip
