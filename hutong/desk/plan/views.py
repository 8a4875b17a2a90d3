"""The plan's pages: honest about what is live and what is not yet."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.policy import plan
from hutong.policy.plan import live


@needs("see_plan")
def tiles(request: Request) -> HttpResponse:
    """All measures by section, and the safeguards, each with its counts."""
    whole, shares = plan.load(), live.present()
    groups = [
        (_words(s.name_zh, s.name_en), [(m, shares.of(m.id)) for m in whole.measures if m.section == s.id])
        for s in whole.sections
    ]
    groups.append((_("保障措施"), [(part, shares.of(part.id)) for part in whole.safeguards]))
    return render(
        request, "plan/tiles.html", {"plan": whole, "groups": groups, "total": _total(shares), "words": _words}
    )


def _total(shares: plan.Coverage) -> dict[str, int]:
    parts = shares.measures + shares.safeguards
    return {
        "obligations": sum(part.obligations.total for part in parts),
        "live": sum(part.obligations.done for part in parts),
        "indicators": sum(part.indicators.total for part in parts),
        "computed": sum(part.indicators.done for part in parts),
    }


@needs("see_plan")
def measure(request: Request, measure: str) -> HttpResponse:
    """One measure or safeguard: departments as printed, obligations, indicators, and its text."""
    whole = plan.load()
    part = whole.part(measure)
    if part is None:
        raise Http404
    ids = [p.id for p in whole.parts]
    here = ids.index(part.id)
    context = {
        "part": part,
        "before": whole.parts[here - 1] if here else None,
        "after": whole.parts[here + 1] if here + 1 < len(ids) else None,
        "live": live.live_obligations(),
        "computed": live.computed_indicators(),
        "rows": [row for row in whole.trace if row.measure == part.id],
        "words": _words,
    }
    return render(request, "plan/measure.html", context)


@needs("see_plan")
def trace(request: Request) -> HttpResponse:
    """The whole text, and beside each sentence what it asks of whom, or why it asks nothing."""
    whole = plan.load()
    context = {
        "rows": whole.trace,
        "obligations": {o.id: o for o in whole.obligations},
        "live": live.live_obligations(),
        "words": _words,
    }
    return render(request, "plan/trace.html", context)


def _words(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") else zh
