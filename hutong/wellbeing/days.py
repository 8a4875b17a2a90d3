"""When something may have happened: not in the future, not before the child was born, on a file that is open.

Owns these refusals for all records of a child's life.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hutong.kernel.clock import ZONE, day
from hutong.kernel.refusals import Refusal
from hutong.people import files
from hutong.people.models import File
from hutong.policy.categories.settings import first_day
from hutong.policy.visits import number


class BadDay(Refusal):
    """A day on which this cannot have happened."""

    code = "bad_day"


def check(file: File, on: date, *, at: datetime, field: str = "occurred_on", met: bool = False) -> None:
    """Raise BadDay or FileClosed unless something may be recorded for `on`, entered at `at`.

    `met`: a visit or an attempt. Somebody may have been there shortly before the file was opened, not years before.
    """
    files.check_open(file)
    if on > day(at):
        raise BadDay(
            "日期 %(on)s 还没有到，不能先登记。没有保存，填写的内容还在，请改成实际发生的日期。",
            values={"on": on},
            field=field,
        )
    born = file.child.birth_date
    if born and on < born:
        raise BadDay(
            "日期 %(on)s 早于孩子的出生日期。没有保存，填写的内容还在，请核对日期。", values={"on": on}, field=field
        )
    if on < first_day():
        raise BadDay("日期 %(on)s 太早了。没有保存，填写的内容还在，请核对年份。", values={"on": on}, field=field)
    if met and on < file.opened_on - timedelta(days=number("visit_before_file_days", day(at))):
        raise BadDay(
            "这份档案 %(opened)s 才建立，日期 %(on)s 早了太多。没有保存，填写的内容还在，请核对年份。",
            values={"on": on, "opened": file.opened_on},
            field=field,
        )


def moment(on: date, at: datetime) -> datetime:
    """The moment of something of which only the day is known: now if it was today, else noon in China."""
    return at if on == day(at) else datetime.combine(on, time(12), ZONE)
