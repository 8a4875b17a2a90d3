"""Operations on child files (一人一档): opening, attention, director, moving, handing over, closing."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q

from hutong.kernel import events, reactions
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.people.models import File, Person
from hutong.places.codes import county, level, subtree
from hutong.places.models import Division
from hutong.policy import codes
from hutong.staff.models import Post, User

RANKS = {"green": 0, "blue": 1, "yellow": 2, "red": 3}


class FileOpen(Refusal):
    """The child has an open file already."""

    code = "file_open"


class FileClosed(Refusal):
    """The file is closed: nothing is added to it."""

    code = "file_closed"


class NotAVillage(Refusal):
    """A child lives in a village or community that exists on the day."""

    code = "not_a_village"


@transaction.atomic
def open_file(*, child: Person, on: date, by: User, at: datetime, op: UUID | None = None) -> File:
    """Open the child's file where the child lives, with the director of the village. Duties follow at once."""
    if done := events.repeated(op):
        return File.objects.get(pk=done.subject_id)
    _village(child.division, on)
    if File.objects.filter(child=child, closed_on=None).exists():
        raise FileOpen("这个孩子已经有一份在册档案，没有重复建档。请直接打开原档案办理。")
    file = File.objects.create(
        child=child, number=_number(child.division, on), division=child.division, opened_on=on,
        director=director_of(child.division, on), restricted=child.restricted, synthetic=child.synthetic,
    )  # fmt: skip
    _tell(file, "people.file.opened", by=by, at=at, op=op)
    return file


def _village(division: int, on: date) -> None:
    rows = Division.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), code=division, valid_from__lte=on)
    if level(division) != Division.Level.VILLAGE or not rows.exists():
        raise NotAVillage("居住地要写到村（居），而且这个村（居）现在还在。没有保存，请重新选择。", field="division")


def _number(division: int, on: date) -> str:
    """County, year and a running number: 371726 2026 000123. One county's numbers are made one after the other."""
    prefix = f"{county(division) // 1_000_000}{on.year}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"file number {prefix}"])
        cursor.execute("select hutong_last_file_number(%s)", [prefix])
        (last,) = cursor.fetchone()
    return f"{prefix}{last + 1:06d}"


def director_of(division: int, on: date) -> User | None:
    """The child director of a village on a day: the one longest in post."""
    found = directors_of({division}, on)
    return User.objects.get(pk=found[division]) if found else None


def directors_of(divisions: set[int], on: date) -> dict[int, UUID]:
    """Village → its child director on a day; villages without one are left out."""
    posts = Post.objects.filter(
        Q(end=None) | Q(end__gt=on), role="director", division__in=divisions, start__lte=on, user__is_active=True
    ).order_by("-start", "-pk")
    return dict(posts.values_list("division", "user_id"))


def check_open(file: File) -> None:
    """Raise FileClosed for a file that has ended."""
    if file.closed_on:
        raise FileClosed(
            "这份档案已于 %(closed_on)s 退出，不能再登记。没有保存。如需恢复，请联系县（区）民政局。",
            values={"closed_on": file.closed_on},
        )


@transaction.atomic
def set_attention(
    *, file: File, level: str, because: str, by: User, at: datetime, op: UUID | None = None, react: bool = True
) -> File:
    """Set the attention level (green, blue, yellow, red) with its reason; the visit cadence follows.

    `react=False`: part of a larger operation that tells the rooms above itself, once.
    """
    if events.repeated(op):
        return File.objects.get(pk=file.pk)
    row = _locked(file)
    row.attention, row.attention_rank, row.attention_because = level, RANKS[level], because[:200]
    row.attention_on = day(at)
    _save(row, "attention", "attention_rank", "attention_because", "attention_on")
    _tell(row, "people.file.attention_set", by=by, at=at, op=op, data={"level": level}, domain="category", react=react)
    return row


@transaction.atomic
def assign_director(*, file: File, director: User, by: User, at: datetime, op: UUID | None = None) -> File:
    """Give the file to a director who holds a post at the child's village or above it."""
    if events.repeated(op):
        return File.objects.get(pk=file.pk)
    row, on = _locked(file), day(at)
    posts = Post.objects.filter(Q(end=None) | Q(end__gt=on), user=director, role="director", start__lte=on)
    if not any(low <= row.division < high for low, high in (subtree(p.division) for p in posts)):
        raise Refusal(
            "这位同志现在不是该村（居）的儿童主任，没有更换。请先在“人员和岗位”里登记岗位。", field="director"
        )
    row.director = director
    _save(row, "director")
    _tell(row, "people.file.director_assigned", by=by, at=at, op=op, data={"director": str(director.pk)})
    return row


@transaction.atomic
def move(*, file: File, division: int, on: date, by: User, at: datetime, op: UUID | None = None) -> File:
    """The child now lives in another village of the asker's area: the person moves, and all rows follow."""
    if events.repeated(op):
        return File.objects.get(pk=file.pk)
    row = _locked(file)
    _village(division, on)
    old = row.division
    try:
        with transaction.atomic():
            Person.objects.filter(pk=row.child_id).update(division=division)
    except DatabaseError as error:
        raise Refusal("新的居住地不在您负责的地区内，没有移动。跨县区的请用“移交档案”。", field="division") from error
    row = _locked(file)
    row.director, row.last_changed_on = director_of(division, on), on
    _save(row, "director", "last_changed_on")
    _tell(row, "people.file.moved", by=by, at=at, op=op, data={"from": old, "to": division, "on": str(on)})
    return row


@transaction.atomic
def hand_over(*, file: File, division: int, because: str, by: User, at: datetime, op: UUID | None = None) -> None:
    """Hand the child over to a village outside the asker's area; afterwards the asker sees it no more."""
    if events.repeated(op):
        return
    row = _locked(file)
    _village(division, day(at))
    _tell(
        row,
        "people.file.handed_over",
        by=by,
        at=at,
        op=op,
        data={"to": division, "because": because[:200]},
        react=False,
    )
    with connection.cursor() as cursor:
        cursor.execute("select hutong_hand_over(%s, %s)", [row.child_id, division])


@transaction.atomic
def close_file(*, file: File, reason: str, on: date, by: User, at: datetime, op: UUID | None = None) -> File:
    """End the file with a reason of the exit list (policy codes, exit_reason). Categories must have ended before."""
    if events.repeated(op):
        return File.objects.get(pk=file.pk)
    row = _locked(file)
    check_open(row)
    if reason not in codes.codes("exit_reason"):
        raise Refusal("请从列表里选择退出原因。没有保存。", field="reason")
    if row.categories.filter(state__in=("proposed", "confirmed"), end=None).exists():
        raise Refusal("档案里还有在办或有效的类别，请先逐个办结，再退出档案。没有保存。")
    row.closed_on, row.close_reason = on, reason
    _save(row, "closed_on", "close_reason")
    _tell(row, "people.file.closed", by=by, at=at, op=op, data={"reason": reason})
    return row


@transaction.atomic
def mark(*, file: File, what: str, on: date, note: str = "", by: User, at: datetime, op: UUID | None = None) -> File:
    """Note that the file was brought up to date (`updated`) or went through its yearly recheck (`rechecked`).

    `note`: how it was checked, in the words of whoever did; kept on the file's timeline.
    """
    if events.repeated(op):
        return File.objects.get(pk=file.pk)
    row = _locked(file)
    check_open(row)
    field = {"updated": "updated_on", "rechecked": "rechecked_on"}[what]
    setattr(row, field, on)
    _save(row, field)
    _tell(row, f"people.file.{what}", by=by, at=at, op=op, data={"because": note} if note else {})
    return row


def touch(file: File, *, on: date) -> None:
    """Note that something in the child's life changed on a day: the file is to be brought up to date (measure 10).

    A change that is still to be worked in keeps its day: a second one must not postpone the first.
    """
    told_at_opening = Q(last_changed_on__lte=F("opened_on"))
    settled = told_at_opening | Q(updated_on__gte=F("last_changed_on")) | Q(last_visit_on__gte=F("last_changed_on"))
    File.objects.filter(Q(last_changed_on=None) | settled & Q(last_changed_on__lt=on), pk=file.pk).update(
        last_changed_on=on
    )


def visited(file: File, *, on: date) -> None:
    """Note the last home visit. A visit entered late does not move the date back."""
    File.objects.filter(Q(last_visit_on=None) | Q(last_visit_on__lt=on), pk=file.pk).update(last_visit_on=on)


def _locked(file: File) -> File:
    return File.objects.select_for_update().get(pk=file.pk)


def _save(file: File, *fields: str) -> None:
    file.version += 1
    file.save(update_fields=[*fields, "version"])


def _tell(
    file: File,
    kind: str,
    *,
    by: User,
    at: datetime,
    op: UUID | None,
    data: dict[str, object] | None = None,
    domain: str = "identity",
    react: bool = True,
) -> None:
    events.record(
        kind=kind,
        subject=("people.file", file.pk),
        division=file.division,
        by=by.pk,
        at=at,
        op=op,
        data=data,
        domain=domain,
    )
    if react:
        reactions.react("people.file", file.pk, by=by, at=at)
