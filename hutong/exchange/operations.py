"""A delivery on its way: received and kept, checked row by row, matched, applied in chunks, and reversible as a batch.

Each step stands in the database before the next begins: a machine that stops in the middle resumes where it was.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from hutong.exchange import applying, matching
from hutong.exchange.census.books import Unreadable
from hutong.exchange.census.reader import read_file
from hutong.exchange.census.rows import Result
from hutong.exchange.models import Delivery, Mapping, Row
from hutong.exchange.places import gazetteer
from hutong.exchange.sealing import open_json, seal_json
from hutong.kernel import attachments, bulk, events
from hutong.kernel.bulk import Same
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope, acting
from hutong.staff.models import User

CHUNK = 1000
Progress = Callable[[int, int], None]
_NONE = matching.Match("")
_STATUS = {"new": "ok", "same": "unchanged", "changed": "changed", "unsure": "quarantined", "elsewhere": "quarantined"}


@transaction.atomic
def receive(*, content: bytes, name: str, county: int, by: User, at: datetime, op: UUID | None = None) -> Delivery:
    """Keep the file as it came, by its content."""
    if done := events.repeated(op):
        return Delivery.objects.get(pk=done.subject_id)
    kept = attachments.keep(
        content, kind="delivery", name=name[:255], media_type="application/octet-stream", subject=("exchange.delivery", None),
        division=county, domain="exchange", by=by.pk, at=at,
    )  # fmt: skip
    delivery = Delivery.objects.create(
        division=county,
        attachment=kept,
        file_name=name[:255],
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
        received_at=at,
    )
    _tell("exchange.delivery.received", delivery, by, at, op)
    return delivery


@transaction.atomic
def check(*, delivery: Delivery, by: User, at: datetime, password: str = "") -> Delivery:
    """Read the kept file and give every row its verdict and its match; nothing of the register changes.

    May be repeated until applied, for instance after a corrected mapping. A file that cannot be read is noted as such.
    """
    row = _locked(delivery, {"received", "checked", "matched", "failed"})
    Row.objects.filter(delivery=row).delete()
    try:
        results = list(
            read_file(
                original(row), row.file_name, gazetteer=gazetteer(row.division), today=day(at),
                password=password, corrections=corrections(row.division),
            )
        )  # fmt: skip
    except Unreadable as trouble:
        row.state, row.trouble, row.trouble_said = Delivery.State.FAILED, str(trouble)[:300], trouble.beside()
        row.save(update_fields=["state", "trouble", "trouble_said"])
        return row
    _write(row, results)
    row.state, row.trouble, row.trouble_said, row.counts = Delivery.State.MATCHED, "", {}, _counts(row)
    row.save(update_fields=["state", "trouble", "trouble_said", "counts"])
    _tell("exchange.delivery.checked", row, by, at, None)
    return row


def original(delivery: Delivery) -> bytes:
    """The file as it came. Raises Unreadable when the folder of attachments has lost it."""
    try:
        return attachments.content(delivery.attachment)
    except FileNotFoundError as error:
        raise Unreadable(
            "保存的原文件找不到了，没有改动任何内容。请重新上传这份名册，并告诉管理员核对附件备份。"
        ) from error


def _write(delivery: Delivery, results: list[Result]) -> None:
    good = [result for result in results if result.status == "ok"]
    found = dict(zip(map(id, good), matching.match([result.fields for result in good]), strict=True))
    for result in good:
        match = found[id(result)]
        result.status = _STATUS[match.kind]
        if match.sentence:
            result.say("", match.kind, match.sentence)
    matches = [found.get(id(result), _NONE) for result in results]
    bulk.insert_columns(
        Row,
        {
            "delivery_id": Same(delivery.pk), "division": Same(delivery.division), "sheet": [r.sheet[:100] for r in results],
            "number": [r.row for r in results], "status": [r.status for r in results], "match": [m.kind for m in matches],
            "reasons": [r.reasons for r in results], "raw_sealed": [seal_json(r.raw) for r in results],
            "fields_sealed": list(map(_fields, results, matches)), "person_id": [m.person for m in matches],
        },
        len(results),
    )  # fmt: skip


def _fields(result: Result, match: matching.Match) -> bytes | None:
    return None if result.status == "not_data" else seal_json({**result.fields, "changes": match.changes})


def corrections(county: int) -> dict[str, dict[int, str]]:
    """The county's remembered mappings: header signature → column → field."""
    rows = Mapping.objects.filter(division=county).values_list("signature", "columns")
    return {signature: {int(column): field for column, field in columns.items()} for signature, columns in rows}


@transaction.atomic
def correct(*, delivery: Delivery, signature: str, columns: dict[int, str], by: User, at: datetime) -> Delivery:
    """Remember a corrected mapping for the county and this header, and check the file again with it."""
    Mapping.objects.update_or_create(
        division=delivery.division,
        signature=signature,
        defaults={"columns": {str(k): v for k, v in columns.items()}, "by": by, "at": at},
    )
    return check(delivery=delivery, by=by, at=at)


def apply(*, delivery: Delivery, by: User, at: datetime, scope: Scope, progress: Progress | None = None) -> Delivery:
    """Write new and changed rows, chunk by chunk, each chunk whole or not at all. Called again, it goes on where it stopped.

    Opens a transaction of `scope` for each chunk: to be called outside of one, or nothing is kept before the end.
    """
    with acting(scope):
        row = _locked(delivery, {"matched", "applying"})
        row.state, row.applied_by = Delivery.State.APPLYING, by
        row.save(update_fields=["state", "applied_by"])
    for done, total in _chunks(row, scope, by, at):
        if progress:
            progress(done, total)
    with acting(scope):
        row.state, row.applied_at, row.counts = Delivery.State.APPLIED, at, _counts(row)
        row.save(update_fields=["state", "applied_at", "counts"])
        _tell("exchange.delivery.applied", row, by, at, None)
    return row


def _chunks(delivery: Delivery, scope: Scope, by: User, at: datetime) -> Iterator[tuple[int, int]]:
    waiting = Row.objects.filter(delivery=delivery, status__in=("ok", "changed"), applied_at=None)
    with acting(scope):
        total, done = waiting.count(), 0
    while True:
        with acting(scope):
            _locked(delivery, {"applying"})
            rows = list(waiting.order_by("pk")[:CHUNK])
            if not rows:
                return
            applying.apply_rows(rows, by=by, at=at)
        done += len(rows)
        yield done, total


def reverse(*, delivery: Delivery, reason: str, by: User, at: datetime) -> list[tuple[Row, str]]:
    """Take a batch back, row by row; a row on which others have worked since stays and is returned with its sentence."""
    if not reason.strip():
        raise Refusal("撤回要写明理由。没有改动。", field="reason")
    with transaction.atomic():
        row = _locked(delivery, {"applied", "applying", "reversing"})
        row.state = Delivery.State.REVERSING
        row.save(update_fields=["state"])
    kept: list[tuple[Row, str]] = []
    for each in Row.objects.filter(delivery=row, applied_at__isnull=False).order_by("-pk"):
        with transaction.atomic():
            if sentence := applying.undo_row(each, by=by, at=at):
                kept.append((each, sentence))
    with transaction.atomic():
        row.state, row.trouble = Delivery.State.REVERSED, f"{reason.strip()[:200]}（{len(kept)} 行未撤回）"
        row.save(update_fields=["state", "trouble"])
        _tell("exchange.delivery.reversed", row, by, at, None)
    return kept


def _locked(delivery: Delivery, states: set[str]) -> Delivery:
    row = Delivery.objects.select_for_update(of=("self",)).select_related("attachment").get(pk=delivery.pk)
    if row.state not in states:
        raise Refusal(
            "这批名册现在是“%(what)s”，不能再这样办理。没有改动，请刷新页面查看。",
            values={"what": row.get_state_display()},
        )
    return row


def _counts(delivery: Delivery) -> dict[str, int]:
    """Rows by status; their sum is the number of rows in the file."""
    found = dict(
        Row.objects.filter(delivery=delivery).values_list("status").annotate(n=Count("pk")).values_list("status", "n")
    )
    matches = Counter(
        dict(Row.objects.filter(delivery=delivery).exclude(match="").values_list("match").annotate(n=Count("pk")))
    )
    return {
        "rows": sum(found.values()),
        **{s: found.get(s, 0) for s in ("ok", "changed", "unchanged", "quarantined", "not_data")},
        "new": matches["new"],
    }


def results(delivery: Delivery) -> list[Result]:
    """The rows as the command prints them, unsealed: for the officer who runs it, recorded by the caller."""
    found = []
    for row in Row.objects.filter(delivery=delivery).order_by("pk"):
        result = Result(row.sheet, row.number, row.status, reasons=row.reasons, raw=open_json(row.raw_sealed))
        if fields := open_json(row.fields_sealed):
            result.fields = {key: fields[key] for key in result.fields}
        found.append(result)
    return found


def _tell(kind: str, delivery: Delivery, by: User, at: datetime, op: UUID | None) -> None:
    events.record(
        kind=kind, subject=("exchange.delivery", delivery.pk), division=delivery.division, domain="exchange", by=by.pk, at=at, op=op,
        data={"counts": delivery.counts},
    )  # fmt: skip
