"""Drawing the answers of a home visit so that the questionnaire's own rules come to the level wanted.

Answers go through the questionnaire's check and score like a director's. For each kind of child a few dozen interviews
are worked out and then drawn again, wishes and what was done apart, since scoring every visit would take a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from hutong.policy import questionnaires
from hutong.policy.questionnaires import FactFound, FlagFound, Questionnaire, load

_WISHES = (
    "想爸爸妈妈早点回家过年", "想要一个新书包", "想每个星期和妈妈视频", "想学画画", "想要一双运动鞋", "想去县城看看",
    "想让爸爸回来看我打篮球", "想要几本故事书", "想考上一中", "想奶奶身体好起来", "想要一辆自行车", "没说",
)  # fmt: skip
_DONE = (
    "看了孩子的作业和住处，叮嘱了用电安全。",
    "和照看的老人说了每周和父母联系的事。",
    "提醒不要到河边、坑塘边玩。",
    "告诉了家长寒暑假的活动安排。",
    "核对了家里的电话和就学情况。",
)
_BLUE: tuple[dict[str, Any], ...] = (
    {"hazards": ["electric"]}, {"hazards": ["poison"]}, {"hazards": ["pond"]}, {"hazards": ["traffic"]},
    {"living": ["own_bed"]}, {"living": ["heating"]}, {"living": ["bedding"]}, {"carer_state": "weak"},
    {"signs": ["phone"]}, {"signs": ["withdrawal"]}, {"school_signs": ["no_place"]}, {"last_contact": "month"},
)  # fmt: skip
_YELLOW: tuple[dict[str, Any], ...] = (
    {"carer_state": "ill"}, {"carer_state": "unwilling"}, {"last_contact": "longer"}, {"signs": ["withdrawal", "crying"]},
    {"signs": ["sleep", "phone"]}, {"danger": ["night_alone"]}, {"carer_signs": ["drinking"]},
    {"danger": ["stranger"], "danger_text": "孩子说网上有陌生人要加好友。"},
)  # fmt: skip
_RED: tuple[dict[str, Any], ...] = (
    {"signs": ["self_harm"], "danger_text": "孩子手腕上有几道浅痕，不愿意说原因。"},
    {"danger": ["injury"], "danger_text": "胳膊上有几处青紫，孩子说是摔的，说法前后不一样。"},
)
_CHANGES = {"green": ({},), "blue": _BLUE, "yellow": _YELLOW, "red": _RED}


@dataclass(frozen=True, slots=True)
class Answered:
    """Checked answers by data domain, and what the questionnaire makes of them."""

    by_domain: dict[str, dict[str, Any]]
    flags: tuple[FlagFound, ...]
    facts: tuple[FactFound, ...]
    attention: str
    because: str


# Ages that are asked the same questions and go to the same school.
_BANDS = (2, 5, 6, 11, 17)
_POOL = 24
# The day the pool is worked out for; facts that count days back from a visit are moved to its day.
ASKED_ON = "2024-01-01"


class Interview:
    """Draws answers for one version of the questionnaire."""

    def __init__(self) -> None:
        self.questionnaire: Questionnaire = load("home_visit")
        self._worked_out: dict[tuple[str, int, bool, bool, bool], list[Answered]] = {}

    def draw(self, rng: Random, *, level: str, age: int, away: bool, boards: bool, child_seen: bool) -> Answered:
        """Answers that come to `level`. `age` in completed years; `away`: the parents work elsewhere."""
        band = next(top for top in _BANDS if age <= top)
        boards = boards and age > 11
        pool = self._worked_out.setdefault((level, band, away, boards, child_seen), [])
        if len(pool) < _POOL:
            usual = self._usual(rng, band, away, child_seen) | {"boarding": boards}
            pool.append(self._read(usual | rng.choice(_CHANGES[level]), band))
        answered = rng.choice(pool)
        care = answered.by_domain["care"] | {"done": rng.choice(_DONE)}
        if child_seen and age >= 4 and rng.random() < 0.6:
            care["wish"] = rng.choice(_WISHES)
        return replace(answered, by_domain=answered.by_domain | {"care": care})

    def _usual(self, rng: Random, age: int, away: bool, child_seen: bool) -> dict[str, Any]:
        met = ["child"] if child_seen else []
        raw: dict[str, Any] = {
            "seen": [*met, "carer" if away else "parent"],
            "father": "same",
            "mother": "same",
            "lives_with": "same",
            "carer_state": "good",
            "ill": "well" if rng.random() < 0.9 else "cold",
            "vaccinated": "yes",
            "study": "in" if age >= 6 else "preschool",
            "needs": [rng.choice(("none", "none", "none", "tutoring", "mind", "schooling", "food", "living"))],
            "last_contact": rng.choice(("week", "week", "week", "fortnight")) if away else "together",
        }
        if child_seen:
            raw["alone"] = rng.choice(("yes", "yes", "no", "unsuitable"))
        if away:
            raw["last_contact_carer"] = rng.choice(("week", "week", "fortnight"))
            raw["money"] = rng.choice(("enough", "enough", "short"))
        return raw

    def _read(self, raw: dict[str, Any], age: int) -> Answered:
        given = {"child_age": age, "today": ASKED_ON}
        checked = questionnaires.check(self.questionnaire, raw, given)
        if checked.problems:
            raise ValueError(f"the questionnaire does not accept {checked.problems}")
        scored = questionnaires.score(self.questionnaire, checked.answers, given)
        by_domain = checked.by_domain(self.questionnaire)
        return Answered(by_domain, scored.flags, scored.facts, scored.attention, scored.because_zh)
