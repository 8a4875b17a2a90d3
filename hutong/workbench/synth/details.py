"""What each register says beside who it concerns: its own columns, as codes drawn here and words given by SQL."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from hutong.workbench.synth.mistakes import Columns, guardian
from hutong.workbench.synth.people import TODAY, Ints, People
from hutong.workbench.synth.states import Mask

_TODAY = int(TODAY.astype(int))
_DAY = "(date '1970-01-01' + {}::integer)"
_WORDS = "(['{}'])[{}::integer + 1]"

# SQL of each register's own columns, in order, over the codes drawn below. `g_name` is the name of the guardian as written.
SQL: dict[str, dict[str, str]] = {
    "school": {
        "guardian_name": "g_name",
        "school_division": "school_division",
        "grade": "grade::tinyint",
        "term_days": "100::smallint",
        "attended_days": "attended::smallint",
    },
    "disability": {
        "category": _WORDS.format("','".join(["肢体", "视力", "听力", "言语", "智力", "精神", "多重"]), "kind"),
        "grade": "(grade + 1)::tinyint",
        "issued_on": _DAY.format("began"),
    },
    "rehabilitation": {
        "service": _WORDS.format("','".join(["康复训练", "辅助器具", "手术", "医疗康复"]), "kind"),
        "received_on": _DAY.format("began"),
    },
    "dibao": {
        "kind": _WORDS.format("','".join(["低保", "特困", "低保边缘"]), "kind"),
        "monthly_amount": "amount::integer",
        "since": _DAY.format("began"),
    },
    "allowance": {
        "kind": "case when uncared then case when orphan then '孤儿' else '事实无人抚养' end else '残疾人两项补贴' end",
        "monthly_amount": "amount::integer",
        "since": _DAY.format("began"),
    },
    "death": {"died_on": _DAY.format("began")},
    "custody": {"began_on": _DAY.format("began"), "months": "months::smallint"},
    "detox": {"began_on": _DAY.format("began"), "months": "months::smallint"},
    "missing": {"declared_on": _DAY.format("began")},
    "employment": {
        "work_area": "work_area::integer",
        "employer_kind": _WORDS.format("','".join(["制造", "建筑", "餐饮", "物流", "家政"]), "kind"),
        "insured_from": _DAY.format("began"),
    },
    "marriage": {"registered_on": _DAY.format("began")},
    "birth_defect": {
        "defect": _WORDS.format("','".join(["先天性心脏病", "听力损失", "唇腭裂", "遗传代谢病"]), "kind"),
        "found_on": _DAY.format("began"),
        "followed_up": "followed",
    },
    "files": {
        "kind": "case when uncared or disabled then 'difficulty' else 'left_behind' end",
        "opened_on": _DAY.format("began"),
        "last_visit_on": f"case when visited < 1000 then {_DAY.format('greatest(began, began + 15, today - visited)')} end",
    },
    "hospital": {
        "kind": _WORDS.format("','".join(["住院", "外伤", "自伤", "产科"]), "what"),
        "admitted_on": _DAY.format("admitted"),
        "days": "stay::smallint",
    },
    "barred": {
        "kind": _WORDS.format("','".join(["撤销监护", "从业禁止", "家暴告诫", "家暴告诫"]), "kind"),
        "since": _DAY.format("began"),
    },
    "moves": {"moved_on": _DAY.format("moved")},
}
_WORK_AREAS = np.array([310000, 320500, 330100, 330200, 370100, 370200, 440100, 440300, 110000, 120000], np.int32)


def draw(rng: Generator, name: str, people: People, rows: Ints, states: dict[str, Mask]) -> Columns:
    """The codes that SQL[name] reads."""
    found: Columns = {
        "kind": rng.integers(0, 3 if name == "dibao" else 4, len(rows)),
        "began": _TODAY - 30 - rng.integers(0, 1500, len(rows)),
    }
    return found | _OWN.get(name, _nothing)(rng, people, rows, states)


def _nothing(rng: Generator, people: People, rows: Ints, states: dict[str, Mask]) -> Columns:
    return {}


def _school(rng: Generator, people: People, rows: Ints, states: dict[str, Mask]) -> Columns:
    """Grade 0 is kindergarten. One in a hundred comes less than half of the days, four in a thousand sit four grades low."""
    rarely = rng.random(len(rows)) < 0.01
    behind = np.where(rng.spawn(1)[0].random(len(rows)) < 0.004, 4, 0)
    return guardian(rng, people, rows) | {
        "grade": np.clip(people.age[rows] - 5.5 - behind, 0, 12).astype(np.int8),
        "attended": np.where(rarely, rng.integers(0, 50, len(rows)), 100 - rng.poisson(3, len(rows)).clip(0, 40)),
        "school_division": people.divisions[people.village[rows]] // 1000 * 1000,
    }


def _disability(rng: Generator, people: People, rows: Ints, states: dict[str, Mask]) -> Columns:
    return {
        "kind": rng.choice(7, len(rows), p=[0.5, 0.12, 0.14, 0.02, 0.1, 0.08, 0.04]),
        "grade": rng.choice(4, len(rows), p=[0.14, 0.2, 0.3, 0.36]),
    }


def _months(rng: Generator, people: People, rows: Ints, states: dict[str, Mask]) -> Columns:
    return {"months": rng.integers(3, 120, len(rows))}


def _amount(rng: Generator, people: People, rows: Ints, states: dict[str, Mask]) -> Columns:
    at_father, at_mother = people.father[rows], people.mother[rows]
    orphan = (at_father >= 0) & (at_mother >= 0) & states["dead"][at_father] & states["dead"][at_mother]
    return {"amount": rng.integers(20, 190, len(rows)) * 10, "uncared": states["uncared"][rows], "orphan": orphan}


def _files(rng: Generator, people: People, rows: Ints, states: dict[str, Mask]) -> Columns:
    """Days since the last visit; 1000: never."""
    visited = rng.integers(1, 95, len(rows))
    late = rng.random(len(rows))
    visited = np.select([late < 0.02, late < 0.08], [1000, visited + 110], visited)
    return _amount(rng, people, rows, states) | {
        "visited": visited, "disabled": states["disabled_child"][rows], "today": np.full(len(rows), _TODAY),
    }  # fmt: skip


def _hospital(rng: Generator, people: People, rows: Ints, states: dict[str, Mask]) -> Columns:
    what = np.select([states["pregnant"][rows], states["self_harm"][rows], states["injured"][rows]], [3, 2, 1], 0)
    return {"what": what, "admitted": _TODAY - rng.integers(1, 500, len(rows)), "stay": rng.integers(1, 45, len(rows))}


def _moves(rng: Generator, people: People, rows: Ints, states: dict[str, Mask]) -> Columns:
    return {"moved": _TODAY - rng.integers(1, 900, len(rows))}


def _employment(rng: Generator, people: People, rows: Ints, states: dict[str, Mask]) -> Columns:
    return {"work_area": rng.choice(_WORK_AREAS, len(rows))}


def _birth_defect(rng: Generator, people: People, rows: Ints, states: dict[str, Mask]) -> Columns:
    return {"followed": rng.random(len(rows)) < 0.7, "began": np.minimum(people.birth[rows] + 40, _TODAY - 1)}


_Own = Callable[[Generator, People, Ints, dict[str, Mask]], Columns]
_OWN: dict[str, _Own] = {
    "school": _school, "disability": _disability, "custody": _months, "detox": _months, "dibao": _amount,
    "allowance": _amount, "files": _files, "hospital": _hospital, "moves": _moves, "employment": _employment, "birth_defect": _birth_defect,
}  # fmt: skip
