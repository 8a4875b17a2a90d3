"""What is measured: the addresses, a few dozen different ones each, and the form of a visit."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote

from django.db.models import Count

from hutong.kernel.clock import today
from hutong.people.models import File, Person
from hutong.places.codes import subtree

COUNTY = 371726000000
_EACH = 40  # addresses recorded for each case
_VISITED = 4000  # files that get visits, so that none grows a history no family has
_VISIT: dict[str, Any] = {
    "seen": ["child", "carer"], "alone": "yes", "father": "same", "mother": "same", "last_contact": "week",
    "last_contact_carer": "week", "money": "enough", "lives_with": "same", "carer_state": "good", "ill": "well", "study": "in",
    "boarding": "no", "needs": ["none"], "wish": "想要一个新书包", "done": "看了孩子的作业和住处，叮嘱了用电安全。",
}  # fmt: skip


@dataclass(slots=True)
class Case:
    """One thing a user does. `goal`: times the floor at one client that it may take. The first `recorded` paths are recorded."""

    name: str
    title: str
    paths: list[str]
    goal: float
    expect: int = 200
    form: dict[str, Any] | None = None
    recorded: int = _EACH


def cases() -> list[Case]:
    """All cases, with addresses drawn from the city with a fixed seed."""
    rng = Random(7)
    low, high = subtree(COUNTY)
    files = File.objects.filter(division__gte=low, division__lt=high).order_by("number")
    ids = rng.sample(list(files.values_list("id", flat=True)), min(_VISITED, files.count()))
    pages = [f"/children/{one}/" for one in ids[:_EACH]]
    visits = [f"/children/{one}/visit/" for one in ids[_EACH:]]
    searches = [f"/search/?q={quote(name)}" for name in _names(rng)]
    return [
        Case("worklist", "我的任务，第一页", ["/"], 5),
        Case("worklist-json", "我的任务，JSON", ["/?format=json"], 3),
        Case("search", "按两个字的姓名查找", searches, 5),
        Case("search-json", "查找，JSON", [f"{one}&format=json" for one in searches], 3),
        Case("child", "打开一份档案", pages, 5),
        Case("child-json", "打开档案，JSON", [f"{one}?format=json" for one in pages], 3),
        Case("visit", "保存一次走访", visits, 5, expect=302, form=_visit()),
        Case("visit-json", "保存走访，JSON", [f"{one}?format=json" for one in visits], 3, expect=201, form=_visit()),
    ]


def _names(rng: Random) -> list[str]:
    """Two-character names of children as they occur: common ones and rare ones."""
    low, high = subtree(COUNTY)
    inside = Person.objects.filter(division__gte=low, division__lt=high, name__regex="^..$")
    found = inside.values_list("name", flat=True).annotate(n=Count("pk")).order_by("name")
    return rng.sample(list(found), _EACH)


def like(name: str) -> tuple[str, list[Any]]:
    """What a search without tokens would ask: the name anywhere, in the county, under row security."""
    low, high = subtree(COUNTY)
    sql = (
        "select id, name, sex, birth_date, division from people_person"
        " where division >= %s and division < %s and canonical_id is null and name like %s order by division, name, id limit 101"
    )
    return sql, [low, high, f"%{name}%"]


def _visit() -> dict[str, Any]:
    return {**_VISIT, "occurred_on": today().isoformat(), "op_id": "{op}"}
