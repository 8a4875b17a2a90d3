"""What must hold after every schedule: each saved record on the server once, in order, and bad ones apart with their reason."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hutong.casework.models import Report
from hutong.exchange.models import Blob, FieldOperation
from hutong.kernel.models import Event
from hutong.people.models import Person
from hutong.wellbeing.models import Answer, Attempt
from tests.faults.phone.play import Player, Record

BAD = {"bad", "huge"}
LONGEST_WAIT = 300_000  # milliseconds: the most the phone backs off
COUNTED: dict[str, Any] = {
    "attempt": lambda token: Attempt.objects.filter(reason=token),
    "visit": lambda token: Answer.objects.filter(answers__wish=token),
    "report": lambda token: Report.objects.filter(facts=token),
    "child_new": lambda token: Person.objects.filter(name=token),
    "change": lambda token: Event.objects.filter(kind="wellbeing.change.recorded", data__moved_where=token),
}
COUNTED |= {"photo": COUNTED["visit"], "bad": COUNTED["visit"], "huge": COUNTED["report"]}


def complaints(player: Player) -> list[str]:
    """What is wrong, one sentence each; empty when nothing is."""
    rows = {row["op"]: row for row in player.rows()}
    ops = [record.op for record in player.records.values() if record.op]
    operations = list(FieldOperation.objects.filter(op__in=ops, reused=False).order_by("pk"))
    found = [said for record in player.records.values() for said in _of_one(record, rows, operations)]
    found += _order(player, operations)
    known = {record.op for record in player.records.values()}
    found += [f"nobody saved {op} but the phone holds it" for op in rows if op not in known and not _killed(player)]
    if player.waits > LONGEST_WAIT:
        found.append(f"with the clock put right it would send by itself only after {player.waits / 1000} s")
    found += [f"written without asking the disk: {stores}" for stores in player.relaxed]
    return found + [f"the page broke: {words}" for words in player.handset.complaints]


def _killed(player: Player) -> bool:
    return any(step.startswith("kill_browser") for step in player.steps)


def _of_one(record: Record, rows: dict[str, Any], operations: list[FieldOperation]) -> list[str]:
    made = COUNTED[record.kind](record.token).count()
    if record.kind in BAD:
        return _bad(record, rows, made)
    if not record.saved:
        most = 0 if record.refused else 1  # killed on the way: either is right, twice is not
        return [f"{record.token} ({record.kind}) is there {made} times, at most {most} is right"] if made > most else []
    found = [] if made == 1 else [f"{record.token} ({record.kind}) was saved and is there {made} times"]
    row = rows.get(record.op)
    if row is not None and row["state"] != "done":
        found.append(f"{record.token} ({record.kind}) stands on the phone as {row}")
    arrived = sum(str(one.op) == record.op for one in operations)
    if arrived != 1:
        found.append(f"{record.token} ({record.kind}) arrived {arrived} times")
    return found + [said for photo in record.photos for said in _photo(record, photo)]


def _photo(record: Record, photo: str) -> list[str]:
    row = Blob.objects.filter(pk=photo).first()
    whole = row is not None and row.whole_at is not None and row.visit_id is not None
    return (
        [] if whole else [f"a photo of {record.token} is not whole: {row and (row.received, row.total, row.visit_id)}"]
    )


def _bad(record: Record, rows: dict[str, Any], made: int) -> list[str]:
    """It stays on the phone with a reason, and writes nothing."""
    found = [f"{record.token} ({record.kind}) should not be there"] if made else []
    row = rows.get(record.op)
    if record.saved and (row is None or row["state"] != "rejected" or not row["reason"].endswith("。")):
        found.append(f"{record.token} ({record.kind}) should stand apart with a reason: {row}")
    return found


def _order(player: Player, operations: list[FieldOperation]) -> list[str]:
    """What was saved before another was begun is taken in before it. Reports may overtake; they are urgent."""
    by_op = {record.op: record for record in player.records.values() if record.saved}
    came = [
        by_op[str(one.op)]
        for one in operations
        if str(one.op) in by_op and by_op[str(one.op)].kind not in ("report", "huge")
    ]
    return (
        [
            f"{later.token} ({later.kind}) came before {earlier.token} ({earlier.kind})"
            for number, later in enumerate(came)
            for earlier in came[number + 1 :]
            if earlier.ended < later.began
        ]
        if not _sorted(came)
        else []
    )


def _sorted(came: list[Record]) -> bool:
    return all(one.began <= two.began for one, two in pairwise(came))
