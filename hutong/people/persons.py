"""Operations on persons: registering, correcting, and knowing a number again."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from hutong.kernel import ciphers, events
from hutong.kernel.refusals import Refusal
from hutong.people import identity, tokens
from hutong.people.models import Address, Person, Token
from hutong.staff.models import User


class KnownAlready(Refusal):
    """The identity number belongs to somebody already registered. `person` is set when it is within the asker's area."""

    code = "known_already"

    def __init__(self, person: UUID | None) -> None:
        super().__init__(
            "这个身份证号在本辖区已有登记，没有重复建档。请先查找核对。"
            if person
            else "这个身份证号在其他县区已有登记，没有重复建档。请用“档案指引”联系对方县区。",
            field="id_number",
        )
        self.person = person


class BadIdNumber(Refusal):
    """The number is no citizen number, or contradicts what was entered beside it."""

    code = "bad_id_number"


@transaction.atomic
def register_person(
    *,
    division: int,
    name: str,
    sex: str = "0",
    birth_date: date | None = None,
    birth_precision: str = "day",
    id_number: str = "",
    phone: str = "",
    by: User,
    at: datetime,
    ethnicity: str = "",
    hukou_division: int | None = None,
    hukou_kind: str = "",
    restricted: bool = False,
    op: UUID | None = None,
) -> Person:
    """Register somebody at a village. The number is sealed; sex and birth date are read from it when not given.

    Raises KnownAlready when the number is registered, BadIdNumber when it is none or disagrees with birth date or sex.
    """
    if done := events.repeated(op):
        return Person.objects.get(pk=done.subject_id)
    person = Person(
        division=division, name=name.strip(), sex=sex, birth_date=birth_date, birth_precision=birth_precision,
        ethnicity=ethnicity, hukou_division=hukou_division, hukou_kind=hukou_kind, restricted=restricted,
        synthetic=by.synthetic, created_at=at,
    )  # fmt: skip
    if id_number:
        _take_number(person, id_number)
    set_phone(person, phone)
    person.save(force_insert=True)
    write_tokens(person)
    events.record(
        kind="people.person.registered", subject=("people.person", person.pk), division=division, by=by.pk, at=at, op=op
    )
    return person


def _take_number(person: Person, text: str) -> None:
    read = identity.read_id(text)
    if read.problems:
        raise BadIdNumber(
            "身份证号有问题：%(what)s。没有保存，请核对后再填。", values={"what": read.problems[0]}, field="id_number"
        )
    if person.birth_date and person.birth_precision == "day" and person.birth_date != read.birth_date:
        raise BadIdNumber("出生日期与身份证号不一致。没有保存，请核对两者哪个写错了。", field="birth_date")
    if person.sex != "0" and person.sex != read.sex:
        raise BadIdNumber("性别与身份证号不一致。没有保存，请核对两者哪个写错了。", field="sex")
    if known := match_number(read.number):
        raise KnownAlready(known[1])
    person.birth_date, person.birth_precision, person.sex = read.birth_date, "day", read.sex
    seal_number(person, read.number)


def seal_number(person: Person, number: str) -> None:
    """Put an 18-digit number on the person: sealed, with its blind index and last four digits."""
    person.id_sealed, person.id_key, person.id_tail = sealed_number(number)


def sealed_number(number: str) -> tuple[bytes, str, str]:
    """An 18-digit number as it is kept: sealed, its blind index, its last four digits."""
    return ciphers.seal(number, "id_number"), ciphers.blind(number, "id_number"), number[-4:]


def set_phone(person: Person, phone: str) -> None:
    """Put a phone number on the person, sealed; empty takes it away."""
    person.phone_sealed, person.phone_key = sealed_phone(phone)


def sealed_phone(phone: str) -> tuple[bytes | None, str]:
    """A phone number as it is kept: sealed, and its blind index; nothing of what holds no digits."""
    digits = identity.phone(phone) if phone else ""
    return (ciphers.seal(digits, "phone"), ciphers.blind(digits, "phone")) if digits else (None, "")


def match_number(number: str) -> tuple[str, UUID | None] | None:
    """Is the number registered? `("here", person)` or `("elsewhere", None)`: through the narrow door in row security."""
    with connection.cursor() as cursor:
        cursor.execute("select place, person from hutong_match_identifier(%s)", [ciphers.blind(number, "id_number")])
        return cursor.fetchone()


def write_tokens(person: Person) -> None:
    """Make the person findable; replaces what was there."""
    Token.objects.filter(person=person).delete()
    words = tokens.tokens_of(person.name, id_tail=person.id_tail)
    Token.objects.bulk_create([Token(token=word, division=person.division, person=person) for word in sorted(words)])


@transaction.atomic
def set_address(*, person: Person, detail: str, on: date, source: str, by: User, at: datetime, op: UUID | None = None) -> Address:  # fmt: skip
    """The person lives at `detail` (house, group; within the same village) since a day; what stood before ends that day."""
    if done := events.repeated(op):
        return Address.objects.get(pk=done.data["address"])
    running = Address.objects.filter(person=person, end=None)
    running.filter(Q(start=None) | Q(start__lte=on)).update(end=on)
    later = running.order_by("start").first()
    row = Address.objects.create(
        person=person, division=person.division, at_division=person.division, detail=detail[:200], start=on,
        end=later.start if later else None, source=source,
    )  # fmt: skip
    events.record(
        kind="people.person.address_set", subject=("people.person", person.pk), division=person.division, by=by.pk, at=at,
        op=op, data={"address": str(row.pk)},
    )  # fmt: skip
    return row


@transaction.atomic
def change_person(*, person: Person, by: User, at: datetime, op: UUID | None = None, **changes: object) -> Person:
    """Correct name, sex, birth date, ethnicity, hukou or phone. What stood there stays in the history."""
    if events.repeated(op):
        return Person.objects.get(pk=person.pk)
    row = Person.objects.select_for_update().get(pk=person.pk)
    phone = changes.pop("phone", None)
    for field, value in changes.items():
        setattr(row, field, value)
    if phone is not None:
        set_phone(row, str(phone))
    row.version += 1
    row.save()
    if "name" in changes:
        write_tokens(row)
    events.record(
        kind="people.person.changed", subject=("people.person", row.pk), division=row.division, by=by.pk, at=at, op=op,
        data={"fields": sorted([*changes, *(["phone"] if phone is not None else [])])},
    )  # fmt: skip
    return row
