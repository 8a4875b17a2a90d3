"""The contracts as tables in Markdown, for docs/feeds.md; a test holds the page to them."""

from __future__ import annotations

from hutong.policy.feeds.contracts import Feed, Field

_SHOWN = 4  # headings of a column; the rest is in the schema
_HOLDS = {"id_number": "identity number", "key": "the office's own key"}


def section(feed: Feed) -> str:
    """One feed: heading, what it is for, and its columns."""
    goes = f"register `{feed.register}`" if feed.register else f"no register yet: {feed.why}"
    ways = " or ".join(" with ".join(f"`{name}`" for name in way) for way in feed.identified_by)
    numbers = feed.numbers
    lines = [
        f"### {feed.zh} · `{feed.id}`",
        "",
        f"{feed.department}; {feed.covers_zh}. Purpose: {feed.purpose}. Basis: {feed.legal_basis.zh} [{feed.legal_basis.standing}].",
        (
            f"Access domain `{feed.domain}`; {goes}. Expected every {numbers.cadence_days} days, noticed when {numbers.shrink_percent} %"
            f" smaller, kept {numbers.retention_days} days [{numbers.standing}]. A row needs {ways}."
        ),
        "",
        "| column | headings | type | needed |",
        "|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_row(field) for field in feed.fields if field.stored)])


def _row(field: Field) -> str:
    headings = "、".join(field.headings[1 : 1 + _SHOWN]) + (" …" if len(field.headings) > 1 + _SHOWN else "")
    kind = _HOLDS.get(field.holds, field.type)
    if field.constraints.enum:
        kind += f": {', '.join(map(str, field.constraints.enum))}"
    if field.digits:
        kind += f", {field.digits} digits"
    return f"| {field.name} | {headings} | {kind} | {'yes' if field.required else ''} |"
