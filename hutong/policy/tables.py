"""Tables of policy for people to read: docs/access.md is made here and held equal by a test.

Owns the wording of the table. The rights themselves stand in access.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hutong.policy.access import ACCESS, DOMAINS, PAGES, ROLES, VERBS, may_open

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
