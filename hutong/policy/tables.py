"""Tables of policy for people to read: docs/access.md and docs/duties.md are made here and held equal by a test.

Owns the wording of the tables. The rights themselves stand in access.yaml, the obligations in obligations.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hutong.policy.access import ACCESS, DOMAINS, PAGES, ROLES, VERBS, may_open
from hutong.policy.obligations import OBLIGATIONS, RULES, Obligation

HEAD = """# Who may see and do what

Made from `hutong/policy/access.yaml` by `hutong.policy.tables`; a test holds the two equal. Change the data, not this page.

A right holds only inside the place of the post. The database enforces reading and writing again (row security), and
what a role may not read, it does not get, whatever a page forgets. Every entry is dated policy with a source;
`proposed` means it is ours and the bureau may change it.
"""


def access_page() -> str:
    """The whole of docs/access.md."""
    return "\n".join([HEAD, *_domains(), *_roles(), *_verbs(), *_pages(), *_rules()]).rstrip() + "\n"


def _domains() -> Iterator[str]:
    yield "## Data domains: who reads (r), writes (w)\n"
    yield from _table(
        ["domain", "holds", *ROLES],
        ([f"{d.zh} {key}", d.holds_zh, *(_rights(key, role) for role in ROLES)] for key, d in DOMAINS.items()),
    )


def _roles() -> Iterator[str]:
    yield "## Roles\n"
    yield from _table(
        ["role", "held at", "sees single children", "basis"],
        (
            [
                f"{r.zh} {key}",
                ", ".join(sorted(r.levels)),
                "yes" if r.cases else "counts only",
                f"{r.source} ({r.standing})",
            ]
            for key, r in ROLES.items()
        ),
    )


def _verbs() -> Iterator[str]:
    yield "## Acts\n"
    yield from _table(
        ["act", *ROLES],
        ([f"{v.zh} {key}", *_ticks(ROLES[role].may(key) for role in ROLES)] for key, v in VERBS.items()),
    )


def _pages() -> Iterator[str]:
    yield "## Pages\n"
    yield from _table(
        ["page", *ROLES],
        ([f"{p.zh} {key}", *_ticks(may_open(role, key) for role in ROLES)] for key, p in PAGES.items()),
    )


def _rules() -> Iterator[str]:
    yield "## Rules beside the table\n"
    yield f"- Counts below {ACCESS.suppression.latest} are hidden from roles that see counts only."
    yield f"- Emergency access lasts {ACCESS.emergency_hours.latest} hours and is reviewed within {ACCESS.emergency_review_days.latest} days."
    for pair in ACCESS.two_persons:
        yield f"- Two persons: who does `{pair.first}` may not do `{pair.second}` to the same thing."


def _rights(domain: str, role: str) -> str:
    held = ROLES[role]
    return ("r" if domain in held.reads else "") + ("w" if domain in held.writes else "")


def _ticks(answers: Iterable[bool]) -> list[str]:
    return ["✓" if answer else "" for answer in answers]


def _table(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield "| " + " | ".join(row) + " |"
    yield ""


DUTIES = """# What is owed to whom, by when

Made from `hutong/policy/obligations.yaml` by `hutong.policy.tables`; a test holds the two equal. Change the data, not this page.

These are the obligations that the platform lays out as duties. `standing`: *seed* stands in the plan's text, *sourced* has a
public source, *proposed* is ours and the bureau may change it. Days are calendar days unless said otherwise.
"""
_BEARERS = {"director": "儿童主任 director", "supervisor": "儿童督导员 supervisor", "county_officer": "县区民政干部 county officer", "parents": "父母 parents"}  # fmt: skip
_SETTLED = {
    "visit": "a home visit", "agreement": "an entrusted-care agreement", "contact": "a contact of the parents", "urge": "urging the parents",
    "update": "the file brought up to date", "recheck": "a recheck", "acknowledge": "an acknowledgement",
    "check": "an answer to the look at home", "take_over": "an officer taking it over",
}  # fmt: skip


def duties_page() -> str:
    """The whole of docs/duties.md."""
    return "\n".join([DUTIES, *_obligations(), *_clock()]).rstrip() + "\n"


def _obligations() -> Iterator[str]:
    yield "## Obligations\n"
    yield from _table(
        ["obligation", "bearer", "clock", "settled by", "told when overdue", "legal source", "clock from", "standing", "plan"],
        (
            [
                f"{rule.zh} {rule.en} `{key}`", _BEARERS[rule.bearer], _when(key, rule), _SETTLED[rule.settled_by],
                "; ".join(f"{_BEARERS[role]} after {days} d" for days, role in rule.ladder) or "nobody",
                rule.legal, rule.source, str(rule.standing), ", ".join(rule.plan) or "not in the plan",
            ]
            for key, rule in OBLIGATIONS.items()
        ),
    )  # fmt: skip


def _when(key: str, rule: Obligation) -> str:
    if key == "visit.periodic":
        due = "by cadence (below)"
    elif rule.days == 0:
        due = "the same day"
    else:
        due = f"{rule.days} {'working ' if rule.working_days else ''}days"
    return f"{due}; then {rule.grace} days late before it is missed"


def _clock() -> Iterator[str]:
    cadence = RULES.cadence.latest
    yield "## Longest time between two home visits\n"
    rows = [(f"attention {level}", days) for level, days in cadence.attention.items()]
    rows += [("priority child 重点关注对象", cadence.priority), ("the plan's three raised groups", cadence.raised), ("guardianship insufficient", cadence.fair)]  # fmt: skip
    yield from _table(["child", "days"], ([name, str(days)] for name, days in rows))
    yield f"The shortest that applies wins. Source: {RULES.cadence.source} ({RULES.cadence.standing}).\n"
    yield "## What calls for a visit within three working days\n"
    for event in RULES.events.circumstances:
        yield f"- `{event.kind}` of the {event.of}" + (f", {event.key}: {', '.join(event.values)}" if event.key else "")
    yield "- a change of carer" if RULES.events.carer_change else ""
    yield f"\nSource: {RULES.events.source} ({RULES.events.standing}). What happened more than {RULES.events.seen_days} days ago no longer calls."
