"""What a row does to the register, and how it is taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from hutong.exchange.matching import SEXES
from hutong.exchange.models import Row
from hutong.exchange.sealing import open_json
from hutong.kernel import bulk as write
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.people import bulk, categories, circumstances, files, persons
from hutong.people.models import Category, File, Kinship, Person, Token
from hutong.policy import codes
from hutong.staff.models import User

SOURCE = "census"


def apply_rows(rows: list[Row], *, by: User, at: datetime) -> None:
    """Write one chunk: new children together, changed ones one by one. The rows learn what was made of them."""
    new = [row for row in rows if row.status == "ok"]
    made = dict(zip([row.pk for row in new], _new(new, by=by, at=at), strict=True))
    for row in rows:
        row.applied_at = at
        if child := made.get(row.pk):
            row.person_id = child.person.id
            row.undo = {"file": str(child.file), "guardian": str(child.guardian.id) if child.guardian else None}
        else:
            row.undo = {"before": _change(row, by=by, at=at)}
    write.update(Row, rows, "applied_at", "person", "undo")


def _new(rows: list[Row], *, by: User, at: datetime) -> list[bulk.NewChild]:
    # Brothers and sisters share a guardian, by name, phone and village.
    guardians: dict[tuple[str, str, str], bulk.NewPerson] = {}
    children = [_child(open_json(row.fields_sealed), guardians) for row in rows]
    bulk.register(children, source=SOURCE, by=by, at=at)
    return children


def _child(fields: dict[str, Any], guardians: dict[tuple[str, str, str], bulk.NewPerson]) -> bulk.NewChild:
    born = fields["birth_date"] or ""
    person = bulk.new_person(
        division=int(fields["division"]), name=fields["name"], sex=SEXES.get(fields["sex"] or "", "0"),
        birth=date.fromisoformat(born if len(born) == 10 else f"{born}-01") if born else None,
        precision="day" if len(born) == 10 else "month", id_number=fields["id_number"] or "",
    )  # fmt: skip
    guardian = None
    if fields["guardian"]:
        key = (fields["guardian"], fields["phone"] or str(person.id), fields["division"])
        guardian = guardians.get(key)
        if guardian is None:
            guardian = guardians[key] = bulk.new_person(
                division=person.division, name=fields["guardian"], phone=fields["phone"] or ""
            )
    return bulk.NewChild(
        person, guardian, relation_code(fields["guardian_relation"]), category_codes(fields["category"])
    )


def relation_code(word: str | None) -> str:
    """GB/T 4761 for an office's word; 80 (other) when it is not known: 99 would say that they are not related."""
    return (codes.find("relation", word) if word else None) or "80"


def category_codes(labels: str | None) -> tuple[str, ...]:
    """Codes of the categories a row claims."""
    found = [codes.find("category", label) for label in (labels or "").split("、") if label]
    return tuple(code for code in found if code)


def _known(row: Row) -> UUID:
    """The person a row was matched with: rows without one are never changed or undone here."""
    if row.person_id is None:
        raise LookupError(f"row {row.pk} was matched with nobody")
    return row.person_id


def _change(row: Row, *, by: User, at: datetime) -> dict[str, Any]:
    """Carry out what the row says has changed; returns what stood there before."""
    changes = open_json(row.fields_sealed)["changes"]
    person = Person.objects.get(pk=_known(row))
    before: dict[str, Any] = {
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.birth_date and str(person.birth_date),
    }
    own = {key: changes[key] for key in ("name", "sex", "birth_date") if key in changes}
    if own:
        values = {**own, **({"sex": SEXES[own["sex"]]} if "sex" in own else {})}
        persons.change_person(person=person, by=by, at=at, **values)
    file = File.objects.filter(child=person, closed_on=None).first()
    if file and "division" in changes:
        before["division"] = person.division
        files.move(file=file, division=int(changes["division"]), on=day(at), by=by, at=at)
    _guardian(row, person, changes, by, at)
    if file:
        for kind in category_codes(changes.get("category")):
            categories.propose_category(file=file, kind=kind, basis=SOURCE, by=by, at=at)
    return before


def _guardian(row: Row, child: Person, changes: dict[str, Any], by: User, at: datetime) -> None:
    fields = open_json(row.fields_sealed)
    child.refresh_from_db()
    if "guardian" in changes:
        relative = persons.register_person(
            division=child.division, name=changes["guardian"], phone=fields["phone"] or "", by=by, at=at
        )
        circumstances.add_kin(
            child=child, relative=relative, relation=relation_code(fields["guardian_relation"]), guardian=False, carer=True,
            start=day(at), source=SOURCE, by=by, at=at,
        )  # fmt: skip
    elif "phone" in changes:
        carer = Kinship.objects.filter(child=child, end=None, carer=True).select_related("relative").first()
        if carer:
            persons.change_person(person=carer.relative, phone=changes["phone"], by=by, at=at)


def undo_row(row: Row, *, by: User, at: datetime) -> str:
    """Take one row back. Returns a sentence when it stays because others have worked on it since; else empty."""
    undo = row.undo or {}
    if undo.get("undone"):
        return ""
    sentence = (
        _undo_new(undo["file"], by, at) if undo.get("file") else _undo_change(row, undo.get("before", {}), by, at)
    )
    if not sentence:
        row.undo = {**undo, "undone": True}
        row.save(update_fields=["undo"])
    return sentence


def _undo_new(identifier: str, by: User, at: datetime) -> str:
    file = File.objects.select_related("child").get(pk=identifier)
    if file.last_visit_on or Category.objects.filter(file=file, state="confirmed").exists():
        return "已有走访或已认定类别，没有撤回，请在档案里办理"
    Category.objects.filter(file=file, state="proposed").update(
        state="refused", decided_by=by, decided_at=at, reason="名册批次撤回"
    )
    try:
        if file.closed_on is None:
            files.close_file(file=file, reason="wrong", on=day(at), by=by, at=at)
    except Refusal as refusal:
        return refusal.sentence
    # The person stays in the history, but is found no more and lets the same number be registered again.
    Person.objects.filter(pk=file.child_id).update(id_key=None, id_sealed=None, id_tail="")
    Token.objects.filter(person=file.child_id).delete()
    return ""


def _undo_change(row: Row, before: dict[str, Any], by: User, at: datetime) -> str:
    person = Person.objects.get(pk=_known(row))
    if person.version > 1 and not before:
        return ""
    values = {
        key: before[key]
        for key in ("name", "sex", "birth_date")
        if before.get(key) and str(getattr(person, key)) != before[key]
    }
    if values:
        persons.change_person(person=person, by=by, at=at, **values)
    file = File.objects.filter(child=person, closed_on=None).first()
    if file and before.get("division"):
        files.move(file=file, division=before["division"], on=day(at), by=by, at=at)
    return ""
