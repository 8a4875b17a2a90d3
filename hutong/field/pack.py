"""The pack: what a phone may keep of the children it works for. Only what the scope shows, capped, and by difference."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from hutong.duties.models import Duty
from hutong.field import asked, people
from hutong.kernel import ciphers, looks
from hutong.kernel.clock import day, week
from hutong.kernel.scope import Scope
from hutong.people.models import Address, Category, File, Kinship
from hutong.policy import codes, questionnaires
from hutong.policy.field import number
from hutong.policy.obligations import OBLIGATIONS, cadence
from hutong.staff.models import Device, User
from hutong.wellbeing.models import Contact, Visit

Rows = dict[UUID, list[Any]]
WEEKS = 4
VISITS = 3
RAISING = ("disability", "mind_anomaly")  # facts about the child that make visits more frequent (duties/candidates.sql)


def make(*, device: Device, cursor: str, by: User, at: datetime, scope: Scope) -> dict[str, Any]:
    """The whole pack, or what changed since the one the phone has. Giving it out is written down as a look."""
    on = day(at)
    cap = number("pack_children_at_most", on)
    files = list(_files(scope)[: cap + 1])
    children = {str(child["id"]): child for child in _children(files[:cap], scope, on)}
    digests = {key: _digest(child) for key, child in children.items()}
    known = device.pack if cursor and cursor == str(device.pack_number) else None
    changed = [child for key, child in children.items() if known is None or known.get(key) != digests[key]]
    removed = sorted(set(known or {}) - set(digests))
    if known is None or changed or removed:
        device.pack, device.pack_number = digests, device.pack_number + 1
        device.save(update_fields=["pack", "pack_number"])
    looks_asked = asked.checks(scope, at)
    _noted(device, changed, {"children": len(children), "checks": len(looks_asked)}, by=by, at=at)
    return {
        **_frame(on, at), "checks": looks_asked, "settled": asked.settled(by, at),
        "cursor": str(device.pack_number), "full": known is None, "children": changed, "removed": removed,
        "cap": cap, "cut": len(files) > cap,
        "village": people.village(device.division), "supervisor": people.supervisor(device.division, on),
    }  # fmt: skip


def _noted(device: Device, changed: list[dict[str, Any]], given: dict[str, int], *, by: User, at: datetime) -> None:
    """Giving a pack out is a look; a phone number in it is one more, at that child's file."""
    looks.look(what="pack", subject=("staff.device", device.pk), division=device.division, by=by.pk, at=at, data=given)  # fmt: skip
    dialable = [child for child in changed if any(carer["phone"] for carer in child["carers"])]
    looks.look_many(
        what="dial", subjects=[("people.file", UUID(child["id"]), int(child["village"]["code"])) for child in dialable],
        by=by.pk, at=at,
    )  # fmt: skip


def _frame(on: date, at: datetime) -> dict[str, Any]:
    numbers = cadence(on)
    return {
        "made_at": at.isoformat(),
        "lives_days": number("pack_lives_days", on),
        "questionnaires": [_questionnaire("home_visit"), _questionnaire("change")],
        "next_due": {"attention": numbers.attention, "priority": numbers.priority, "raised": numbers.raised, "fair": numbers.fair, "raising": list(RAISING)},
        "situations": [{"code": code, "words": words} for code, words in codes.choices("situation")],
        "signs": [{"code": code, "words": words} for code, words in codes.choices("unfit_sign")],
        "relations": [{"code": code, "words": words} for code, words in codes.choices("relation")],
    }  # fmt: skip


def _questionnaire(name: str) -> dict[str, Any]:
    form = questionnaires.load(name)
    body = form.model_dump(mode="json")
    for section in body["sections"]:
        for item in section["items"]:
            found = form.item(item["id"])
            item["choices"] = found.options if found else {}
            del item["choices_en"]  # the phone speaks Chinese; each byte is paid for
    return {"id": form.id, "version": form.version, "body": body}


def _files(scope: Scope) -> Any:
    rows = File.objects.visible_to(scope).filter(closed_on=None).select_related("child")
    return rows.order_by("-attention_rank", "division", "pk")


def _digest(child: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(child, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _children(files: list[File], scope: Scope, on: date) -> Iterable[dict[str, Any]]:
    ids, persons = [file.pk for file in files], [file.child_id for file in files]
    running = Q(end=None) | Q(end__gt=on)
    categories = _by("file_id", Category.objects.filter(file__in=ids, state="confirmed").order_by("start", "pk"))
    kin = _by(
        "child_id",
        Kinship.objects.filter(running, child__in=persons).select_related("relative").order_by("start", "pk"),
    )
    homes = _by("person_id", Address.objects.filter(person__in=persons, end=None).order_by("start", "pk"))
    duties = _by("file_id", Duty.objects.filter(file__in=ids, state="due", bearer="director").order_by("due_on", "pk"))
    visits = _by("file_id", Visit.objects.filter(file__in=ids).order_by("-occurred_on", "-pk"))
    weeks = [week(on - timedelta(weeks=n)) for n in range(WEEKS)]
    contacts = _by("file_id", Contact.objects.filter(file__in=ids, week__in=weeks).order_by("entered_at", "pk"))
    for file in files:
        child = file.child
        yield {
            "id": str(file.pk), "base": file.version, "name": child.name, "sex": child.sex, "village": people.village(file.division),
            "birth_date": child.birth_date and child.birth_date.isoformat(), "attention": file.attention, "priority": file.priority,
            "address": homes[child.pk][-1].detail if homes[child.pk] else "",
            "categories": [{"kind": c.kind, "words": codes.label("category", c.kind)} for c in categories[file.pk]],
            "carers": [_carer(k, scope) for k in kin[child.pk] if k.carer or k.guardian],
            "duties": [_duty(duty) for duty in duties[file.pk]],
            "visits": [{"on": v.occurred_on.isoformat(), "words": "见到孩子" if v.child_seen else "没见到孩子"} for v in visits[file.pk][:VISITS]],
            "contacts": _ledger(contacts[file.pk]),
        }  # fmt: skip


def _by(key: str, rows: Iterable[Any]) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _carer(kin: Kinship, scope: Scope) -> dict[str, Any]:
    """The phone number only for who may carry it (policy/access.yaml, `dial`)."""
    return {
        "id": str(kin.relative_id), "name": kin.relative.name, "relation": kin.relation, "carer": kin.carer,
        "words": codes.label("relation", kin.relation), "phone": _phone(kin) if "dial" in scope.verbs else None,
    }  # fmt: skip


def _phone(kin: Kinship) -> str | None:
    """None also for a number whose key is not here: one row never keeps a village from its pack."""
    try:
        return ciphers.unseal(kin.relative.phone_sealed, "phone") if kin.relative.phone_sealed else None
    except ciphers.Unsealable:
        return None


def _duty(duty: Duty) -> dict[str, Any]:
    rule = OBLIGATIONS[duty.obligation]
    return {
        "id": str(duty.pk), "obligation": duty.obligation, "words": rule.zh, "at_home": rule.settled_by == "visit",
        "opens_on": duty.opens_on.isoformat(), "due_on": duty.due_on.isoformat(), "state": duty.state,
    }  # fmt: skip


def _ledger(rows: list[Contact]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row.week, {})[row.direction] = row.state
    return found
