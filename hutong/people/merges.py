"""Joining two registrations of one person, and undoing it. Both rows stay; one points to the other.

What was moved is listed by id in `Merge.before`, so that undoing puts back exactly that and nothing learnt since.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from hutong.kernel import events, reactions
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.people import duplicates, files, persons
from hutong.people.models import Circumstance, File, Kinship, Merge, Pair, Person, Token
from hutong.people.tokens import tokens_of
from hutong.staff.models import User

_NUMBER = ("id_sealed", "id_key", "id_tail")
_PHONE = ("phone_sealed", "phone_key")
# Sealed anew, the same number looks different; its blind index does not.
_SAME_BY = {"id_sealed": "id_key", "id_tail": "id_key", "phone_sealed": "phone_key"}


class NotMergeable(Refusal):
    """The two cannot be joined as they stand; the sentence says what to settle first."""

    code = "not_mergeable"


@transaction.atomic
def merge(*, pair: Pair, keep: UUID, by: User, at: datetime, op: UUID | None = None) -> Merge:
    """Join the two of a pair; `keep` is the one that stays in lists.

    Kin, facts and an only file go to the kept one. Of two open files that of the other is closed as wrongly registered;
    its categories an officer must have ended before. Raises JudgedAlready, NotMergeable.
    """
    if done := events.repeated(op):
        return Merge.objects.get(pk=done.data["merge"])
    row = duplicates.locked(pair)
    if keep not in (row.first_id, row.second_id):
        raise NotMergeable("请选择保留哪一份登记。没有合并。", field="keep")
    kept, gone = _two(row, keep)
    before: dict[str, Any] = {"pair": str(row.pk), **_files(kept, gone, by=by, at=at)}
    gone.canonical, gone.version = kept, gone.version + 1
    gone.save(update_fields=["canonical", "version"])
    before["taken"] = _take(kept, gone)
    before.update(_move(kept, gone))
    _findable(kept, gone)
    done_row = Merge.objects.create(kept=kept, merged=gone, division=kept.division, by=by, at=at, before=before)
    duplicates.judge(row, Pair.State.MERGED, by=by, at=at)
    duplicates.tell("people.person.merged", row, by=by, at=at, op=op, data={"merge": str(done_row.pk)})
    _react(kept, gone, by=by, at=at)
    return done_row


def _two(pair: Pair, keep: UUID) -> tuple[Person, Person]:
    both = {
        p.pk: p
        for p in Person.objects.select_for_update().filter(pk__in=(pair.first_id, pair.second_id)).order_by("pk")
    }
    if len(both) < 2 or any(person.canonical_id for person in both.values()):
        raise NotMergeable("其中一人已经并入别的登记，或已不在本辖区。没有合并，请刷新后查看。")
    kept = both.pop(keep)
    (gone,) = both.values()
    if kept.id_key and gone.id_key and kept.id_key != gone.id_key:
        raise NotMergeable("两份登记的身份证号不同，没有合并。请先核对原件并更正写错的号码，或判断为“不是同一人”。")
    return kept, gone


def _files(kept: Person, gone: Person, *, by: User, at: datetime) -> dict[str, Any]:
    """Two open files become one; an only file goes with the person."""
    mine = File.objects.filter(child=kept, closed_on=None).first()
    theirs = File.objects.filter(child=gone, closed_on=None).first()
    if theirs is None:
        return {}
    if mine is not None:
        files.close_file(file=theirs, reason="wrong", on=day(at), by=by, at=at)
        return {"closed_file": str(theirs.pk)}
    File.objects.filter(pk=theirs.pk).update(
        child=kept, division=kept.division, director=files.director_of(kept.division, day(at))
    )
    return {"moved_file": str(theirs.pk), "director": str(theirs.director_id or "")}


def _take(kept: Person, gone: Person) -> list[str]:
    """Give the kept one what only the other had: number, phone, birth date, sex. Returns the columns taken."""
    taken: list[str] = []
    if gone.id_key and not kept.id_key:
        taken += [*_NUMBER, *(["birth_date", "birth_precision"] if gone.birth_date else [])]
    elif gone.birth_date and not kept.birth_date:
        taken += ["birth_date", "birth_precision"]
    if gone.phone_key and not kept.phone_key:
        taken += _PHONE
    if gone.sex != "0" and kept.sex == "0":
        taken.append("sex")
    if "id_key" in taken and kept.birth_date and kept.birth_date != gone.birth_date:
        raise NotMergeable(
            "保留的一份没有身份证号，出生日期又与另一份的身份证号不一致。没有合并，请先核对更正出生日期，或保留另一份。"
        )
    for column in taken:
        setattr(kept, column, getattr(gone, column))
    kept.version += 1
    kept.save(update_fields=[*taken, "version"])
    return taken


def _move(kept: Person, gone: Person) -> dict[str, list[str]]:
    """Kin and facts now belong to the kept one; what it has already, or what would tie it to itself, stays behind."""
    have = set(Kinship.objects.filter(child=kept, end=None).values_list("relation", flat=True))
    own = [k.pk for k in Kinship.objects.filter(child=gone) if k.relation not in have and k.relative_id != kept.pk]
    children = set(Kinship.objects.filter(relative=kept, end=None).values_list("child_id", flat=True)) | {kept.pk}
    of = [k.pk for k in Kinship.objects.filter(relative=gone) if k.child_id not in children]
    facts = list(Circumstance.objects.filter(person=gone).values_list("pk", flat=True))
    _give(kept, own, of, facts)
    return {"kin": _text(own), "kin_of": _text(of), "facts": _text(facts)}


def _give(person: Person, own: list[UUID], of: list[UUID], facts: list[UUID]) -> None:
    Kinship.objects.filter(pk__in=own).update(child=person, division=person.division)
    Kinship.objects.filter(pk__in=of).update(relative=person)
    Circumstance.objects.filter(pk__in=facts).update(person=person, division=person.division)


def _text(ids: list[UUID]) -> list[str]:
    return [str(each) for each in ids]


def _findable(kept: Person, gone: Person) -> None:
    """Who looks for the other spelling finds the kept one."""
    persons.write_tokens(kept)
    held = tokens_of(kept.name, id_tail=kept.id_tail)
    more = tokens_of(gone.name, id_tail=gone.id_tail) - held
    Token.objects.bulk_create([Token(token=word, division=kept.division, person=kept) for word in sorted(more)])


def _react(*people: Person, by: User, at: datetime) -> None:
    for file in File.objects.filter(child__in=people, closed_on=None):
        reactions.react("people.file", file.pk, by=by, at=at)


@transaction.atomic
def undo(*, merge: Merge, by: User, at: datetime, op: UUID | None = None) -> Merge:
    """Take a merge back: what was moved returns; the pair is open again. What was learnt since stays with the kept one."""
    if events.repeated(op):
        return Merge.objects.get(pk=merge.pk)
    row = Merge.objects.select_for_update().get(pk=merge.pk)
    if row.undone_at:
        raise NotMergeable("这次合并已经撤销过，没有再改。请刷新后查看。")
    both = Person.objects.select_for_update().in_bulk([row.kept_id, row.merged_id])
    kept, gone = both[row.kept_id], both[row.merged_id]
    _give_back(kept, gone, row.before)
    gone.canonical, gone.version = None, gone.version + 1
    gone.save(update_fields=["canonical", "version"])
    _reopen(gone, row.before)
    persons.write_tokens(kept)
    row.undone_at, row.undone_by = at, by
    row.save(update_fields=["undone_at", "undone_by"])
    pair = Pair.objects.get(pk=row.before["pair"])
    duplicates.judge(pair, Pair.State.OPEN, by=None, at=None)
    duplicates.tell("people.person.unmerged", pair, by=by, at=at, op=op, data={"merge": str(row.pk)})
    _react(kept, gone, by=by, at=at)
    return row


def _give_back(kept: Person, gone: Person, before: dict[str, Any]) -> None:
    """Blank what was taken, unless somebody corrected it since, and return kin and facts."""
    blank = {"sex": "0", "id_tail": "", "phone_key": "", "birth_precision": "day"}
    taken = [column for column in before["taken"] if _still(kept, gone, _SAME_BY.get(column, column))]
    for column in taken:
        setattr(kept, column, blank.get(column))
    kept.version += 1
    kept.save(update_fields=[*taken, "version"])
    _give(gone, *([UUID(each) for each in before[name]] for name in ("kin", "kin_of", "facts")))


def _still(kept: Person, gone: Person, column: str) -> bool:
    return bool(getattr(kept, column) == getattr(gone, column))


def _reopen(gone: Person, before: dict[str, Any]) -> None:
    if closed := before.get("closed_file"):
        File.objects.filter(pk=closed, close_reason="wrong").update(closed_on=None, close_reason="")
    if moved := before.get("moved_file"):
        File.objects.filter(pk=moved).update(child=gone, division=gone.division, director=before["director"] or None)
