"""Casting the template into a county: every column of every table knows what becomes of it.

One INSERT … SELECT a table and county: ids get the county's digits, serial numbers become villages, hands become the
county's own officials.
"""

from __future__ import annotations

from hutong.workbench.city.template import KEPT_DIGITS, SCHEMA
from hutong.workbench.demo import rows

_IDS = {"id", "person_id", "child_id", "relative_id", "household_id", "file_id", "visit_id", "carer_id", "source_id"}
_PLACES = {"division", "hukou_division", "at_division"}
_HANDS = {
    "by_id": "director", "director_id": "director", "recorded_by": "director", "raised_by_id": "director",
    "created_by_id": "director", "proposed_by_id": "proposer", "decided_by_id": "confirmer", "closed_by_id": "supervisor",
}  # fmt: skip
_STAFF = {"staff_user", "staff_post"}
TABLES = tuple(name for name in rows.TABLES if name not in _STAFF)


def statement(table: str) -> str:
    """The INSERT of one table for one county. Parameters: `k` (two hex digits), `county` (six digits)."""
    columns = rows.TABLES[table]
    quoted = ", ".join(f'"{column}"' for column in columns)
    picked = ", ".join(_expression(column) for column in columns)
    return (
        f"insert into {table} ({quoted}) select {picked} from {SCHEMA}.{table} t"
        f" join {SCHEMA}.place p on p.serial = t.division and p.k = %(k)s"
    )


def _expression(column: str) -> str:
    if column in _IDS:
        return f"(left(t.{column}::text, {KEPT_DIGITS}) || p.k)::uuid"
    if column in _PLACES:
        return "p.code"
    if column in _HANDS:
        return f"case when t.{column} is not null then p.{_HANDS[column]} end"
    if column == "id_key":  # one number, one person: no real blind index, nobody looks these up
        return "left(t.id_key, 62) || p.k"
    if column == "number":
        return "%(county)s || substr(t.number, 7)"
    return f't."{column}"'
