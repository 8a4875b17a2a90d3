"""Why this duty, and why by then: sentences from the rule and the facts it used."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from hutong.duties.models import Duty
from hutong.people.models import File
from hutong.policy import codes
from hutong.policy.obligations import OBLIGATIONS, Obligation, cadence

_STANDING = {
    "seed": gettext_noop("方案原文"),
    "sourced": gettext_noop("有公开来源，待核"),
    "proposed": gettext_noop("本平台建议，待市民政局确定"),
}

_OCCASIONS = {
    "visit.first": gettext_noop("档案于 %(day)s 建立，要尽快上门认识孩子和照护人。"),
    "visit.event": gettext_noop("%(day)s 家里情况有变化，要上门看看孩子现在怎么样。"),
    "agreement.entrusted": gettext_noop("%(day)s 起认定为留守儿童，父母要书面委托照护人，儿童主任督促办理。"),
    "contact.weekly": gettext_noop(
        "%(week)s 这一周，父母要和孩子、和照护人各联系至少一次。这是父母的义务，不算儿童主任未完成。"
    ),
    "contact.urge": gettext_noop("父母已连续两周没有联系齐，要提醒父母，并把提醒记下来。"),
    "file.update": gettext_noop("%(day)s 登记了情况变化，档案和全国系统里的信息要跟着更新。"),
    "lead.check": gettext_noop("县里比对名册后拿不准，请您入户看看这个孩子现在怎么样。"),
    "lead.restricted": gettext_noop("比对名册得出一条限制线索，要有一位同志接办；接办前谁都看不到内容。"),
    "file.recheck": gettext_noop("每年复核一次档案是否还符合、内容是否还准确。"),
}


def why(duty: Duty) -> list[str]:
    """The reasons, most telling first."""
    rule = OBLIGATIONS.get(duty.obligation)
    if rule is None:
        return [_("这条规则已经不再使用，任务按当时的规则保留。")]
    return [*_occasion(duty, rule), _deadline(duty, rule), _grounds(rule)]


def _occasion(duty: Duty, rule: Obligation) -> list[str]:
    head, _colon, rest = duty.period_key.partition(":")
    file = duty.file
    if duty.obligation == "visit.periodic" and file:
        since = rest.rsplit(":", 1)[0]
        return [_("从 %(day)s 起算下一次走访。") % {"day": since}, _pace(file, duty.opens_on)]
    said = _OCCASIONS.get(duty.obligation)
    return [_(said) % {"day": duty.opens_on, "week": duty.period_key} if said else head]


def _pace(file: File, on: date) -> str:
    pace = cadence(max(on, date(2024, 5, 22)))
    days = pace.attention[file.attention]
    level = codes.label("attention", file.attention, get_language() or "zh")
    said = [_("关注等级为“%(level)s”，最长 %(days)s 天走访一次。") % {"level": level, "days": days}]
    if file.priority:
        said.append(_("是重点关注对象，不超过 %(days)s 天。") % {"days": pace.priority})
    said.append(_("父母重残智残、儿童残疾、心理行为异常的，不超过 %(days)s 天。") % {"days": pace.raised})
    return " ".join(said) if (get_language() or "zh").startswith("en") else "".join(said)


def _deadline(duty: Duty, rule: Obligation) -> str:
    said = _("期限是 %(due)s%(within)s；%(final)s 以后仍未办，就永久记为未完成，补办也会另外记下。")
    return said % {"due": duty.due_on, "within": _within(duty, rule), "final": duty.final_on}


def _within(duty: Duty, rule: Obligation) -> str:
    if not rule.days or duty.obligation == "contact.weekly":
        return ""
    said = _("（%(n)s 个工作日内）") if rule.working_days else _("（%(n)s 天内）")
    return said % {"n": rule.days}


def _grounds(rule: Obligation) -> str:
    said = _("依据：%(legal)s。期限和间隔的来源：%(source)s（%(standing)s）。")
    return said % {"legal": rule.legal, "source": rule.source, "standing": _(_STANDING[rule.standing])}
