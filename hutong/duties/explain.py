"""Why this duty, and why by then: sentences from the rule and the facts it used."""

from __future__ import annotations

from datetime import date

from hutong.duties.models import Duty
from hutong.people.models import File
from hutong.policy import codes
from hutong.policy.obligations import OBLIGATIONS, Obligation, cadence

_STANDING = {"seed": "方案原文", "sourced": "有公开来源，待核", "proposed": "本平台建议，待市民政局确定"}


def why(duty: Duty) -> list[str]:
    """The reasons, most telling first."""
    rule = OBLIGATIONS.get(duty.obligation)
    if rule is None:
        return ["这条规则已经不再使用，任务按当时的规则保留。"]
    return [*_occasion(duty, rule), _deadline(duty, rule), _grounds(rule)]


def _occasion(duty: Duty, rule: Obligation) -> list[str]:
    head, _, rest = duty.period_key.partition(":")
    file = duty.file
    if duty.obligation == "visit.periodic" and file:
        since = rest.rsplit(":", 1)[0]
        return [f"从 {since} 起算下一次走访。", _pace(file, duty.opens_on)]
    return [
        {
            "visit.first": f"档案于 {duty.opens_on} 建立，要尽快上门认识孩子和照护人。",
            "visit.event": f"{duty.opens_on} 家里情况有变化，要上门看看孩子现在怎么样。",
            "agreement.entrusted": f"{duty.opens_on} 起认定为留守儿童，父母要书面委托照护人，儿童主任督促办理。",
            "contact.weekly": f"{duty.period_key} 这一周，父母要和孩子、和照护人各联系至少一次。这是父母的义务，不算儿童主任未完成。",
            "contact.urge": "父母已连续两周没有联系齐，要提醒父母，并把提醒记下来。",
            "file.update": f"{duty.opens_on} 登记了情况变化，档案和全国系统里的信息要跟着更新。",
            "lead.check": "县里比对名册后拿不准，请您入户看看这个孩子现在怎么样。",
            "lead.restricted": "比对名册得出一条限制线索，要有一位同志接办；接办前谁都看不到内容。",
            "file.recheck": "每年复核一次档案是否还符合、内容是否还准确。",
        }.get(duty.obligation, head)
    ]


def _pace(file: File, on: date) -> str:
    pace = cadence(max(on, date(2024, 5, 22)))
    days = pace.attention[file.attention]
    extra = f"；是重点关注对象，不超过 {pace.priority} 天" if file.priority else ""
    return (
        f"关注等级为“{codes.label('attention', file.attention)}”，最长 {days} 天走访一次{extra}。"
        f"父母重残智残、儿童残疾、心理行为异常的，不超过 {pace.raised} 天。"
    )


def _deadline(duty: Duty, rule: Obligation) -> str:
    unit = "个工作日" if rule.working_days else "天"
    within = f"（{rule.days} {unit}内）" if rule.days and duty.obligation != "contact.weekly" else ""
    return f"期限是 {duty.due_on}{within}；{duty.final_on} 以后仍未办，就永久记为未完成，补办也会另外记下。"


def _grounds(rule: Obligation) -> str:
    return f"依据：{rule.legal}。期限和间隔的来源：{rule.source}（{_STANDING[rule.standing]}）。"
