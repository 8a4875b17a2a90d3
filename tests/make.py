"""Test data made through the operations of the product, so that impossible states stay impossible.

Lin is the director of a village, Wu the supervisor of its town, Zhou and Qin are county officers, Ma is of another county.
All synthetic.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from hutong.kernel.scope import Scope, acting
from hutong.people import categories, circumstances, files, identity, persons
from hutong.people.models import Category, File, Person
from hutong.places.codes import county, town
from hutong.staff.access import scope_of
from hutong.staff.models import Post, User

HERE, NEXT, THERE = 371726001216, 371726001217, 371721001001
AT = datetime(2026, 11, 2, 3, tzinfo=UTC)
ON = date(2026, 11, 2)
PASSWORD = "一句长的口令 2026"
_number = count(1)


def user(role: str, division: int, *, name: str = "", start: date = date(2025, 1, 1), synthetic: bool = True) -> User:
    """Somebody who holds one post."""
    n = next(_number)
    row = User(username=f"{role}{n}", name=name or f"合成{role}{n}", created_at=AT, synthetic=synthetic)
    row.set_password(PASSWORD)
    row.save()
    Post.objects.create(user=row, role=role, division=division, start=start)
    return row


def lin(**more: Any) -> User:
    """The child director of the village HERE."""
    return user("director", HERE, name="林合成", **more)


def wu(**more: Any) -> User:
    """The supervisor of its town."""
    return user("supervisor", town(HERE), name="吴合成", **more)


def zhou(**more: Any) -> User:
    """A county officer, who proposes."""
    return user("county_officer", county(HERE), name="周合成", **more)


def qin(**more: Any) -> User:
    """Another officer of the county, who confirms."""
    return user("county_officer", county(HERE), name="秦合成", **more)


def ma(**more: Any) -> User:
    """An officer of another county, who must see nothing."""
    return user("county_officer", county(THERE), name="马合成", **more)


def as_(who: User, purpose: str = "测试") -> AbstractContextManager[Scope]:
    """Act as somebody: the database knows only what that person may."""
    return acting(scope_of(who, purpose))


def id_number(born: date = date(2016, 5, 4), *, sex: str = "1", area: str = "371726") -> str:
    """A valid synthetic number, another one each time."""
    serial = next(_number) % 400 * 2 + (1 if sex == "1" else 0) + 100
    first = f"{area}{born:%Y%m%d}{serial:03d}"
    return first + identity.check_digit(first)


def person(by: User, *, name: str = "王合成", division: int = HERE, at: datetime = AT, **more: Any) -> Person:
    """Anybody."""
    return persons.register_person(division=division, name=name, by=by, at=at, **more)


def child(
    by: User, *, name: str = "张小合", born: date = date(2016, 5, 4), sex: str = "2", division: int = HERE, **more: Any
) -> Person:
    """A child with an identity number."""
    return person(by, name=name, division=division, id_number=id_number(born, sex=sex), hukou_kind="rural", **more)


def file(by: User, *, on: date = ON, at: datetime = AT, **more: Any) -> File:
    """A child with an open file."""
    return files.open_file(child=child(by, at=at, **more), on=on, by=by, at=at)


def parents_away(file: File, by: User, *, start: date = date(2026, 2, 20), at: datetime = AT) -> tuple[Person, Person]:
    """Father and mother, both away for work, and the grandmother who cares."""
    parents = []
    for relation, name, sex in (("51", "张父合", "1"), ("52", "李母合", "2")):
        parent = person(by, name=name, sex=sex, division=file.division, at=at)
        circumstances.add_kin(
            child=file.child, relative=parent, relation=relation, guardian=True, source="census", by=by, at=at
        )
        circumstances.record(
            person=parent,
            kind="whereabouts",
            value={"place": "away_work", "where": "苏州"},
            start=start,
            source="census",
            by=by,
            at=at,
        )
        parents.append(parent)
    grandmother = person(by, name="刘奶合", sex="2", birth_date=date(1958, 3, 1), division=file.division, at=at)
    circumstances.add_kin(
        child=file.child, relative=grandmother, relation="62", carer=True, start=start, source="census", by=by, at=at
    )
    return parents[0], parents[1]


def left_behind(file: File, proposer: User, confirmer: User, *, on: date = ON, at: datetime = AT) -> Category:
    """A confirmed left-behind episode: proposed by one, confirmed by another."""
    with as_(proposer):
        row = categories.propose_category(
            file=file, kind="LEFT_BEHIND", basis="BOTH_AWAY", start=on, by=proposer, at=at
        )
    with as_(confirmer):
        return categories.decide(category=row, confirm=True, on=on, by=confirmer, at=at)
