"""Each rule over a small world made by hand, in which every row is there to be found or to be left alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from hutong.discovery.pipelines import leads, registers, rules, running
from hutong.discovery.pipelines.engines import Duck
from hutong.discovery.pipelines.found import FOR_OTHERS

FOLDER = Path(__file__).parent
ON = date(2026, 9, 1)
HOME = 371726001216
HEAD = """/*
id: x
zh: 试
en: trial
legal: 无
standing: proposed
concerns: 无
reads: [school]
evidence: [{column: grade, zh: 年级, en: grade, register_: school}]
need: N4
severity: low
owner: county_officer
domain: schooling
*/
"""
SQL = "select pid as subject, 'k' as evidence_key, 'sure' as certainty, grade from school"


def lay(db: duckdb.DuckDBPyConnection, world: dict[str, Any]) -> None:
    for name in registers.NAMES:
        registers.empty(db, name)
    found = world.get("found", [])
    people = [_person(**row) for row in world["people"]]
    for name, rows in {"police": people, **{k: v for k, v in world.items() if k in registers.NAMES}}.items():
        for row in rows:
            db.execute(
                f"insert into {name} ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values())
            )
    running.lay_facts(Duck(db), ON)
    Duck(db).lay("found_lead", FOR_OTHERS, [tuple(row.values()) for row in found])


def _person(
    pid: int,
    born: date,
    household: int = 0,
    father: int | None = None,
    mother: int | None = None,
    sex: str = "女",
    division: int = HOME,
) -> dict[str, Any]:
    minor_ever = born.year >= 2000
    return {
        "pid": pid, "record_id": pid, "id_no": str(pid), "name": f"合成{pid}", "sex": sex, "birth_date": born, "division": division,
        "household_id": household or pid, "relation": "子女" if minor_ever else "户主",
        "father_id_no": father and str(father), "mother_id_no": mother and str(mother),
    }  # fmt: skip


def _leads(db: duckdb.DuckDBPyConnection, rule: rules.Rule) -> list[dict[str, Any]]:
    leads.ask(Duck(db), rule)
    found = db.execute(f"from {leads.made(Duck(db), [rule], ON)[rule.head.id]}").fetchall()
    return [dict(zip(leads.COLUMNS, lead, strict=True)) for lead in found]


@pytest.mark.parametrize("rule", rules.rules(), ids=lambda rule: rule.head.id)
def test_it_finds_these_and_no_others(rule: rules.Rule) -> None:
    world = yaml.safe_load((FOLDER / f"{rule.head.id}.yaml").read_text(encoding="utf-8"))
    with duckdb.connect() as db:
        lay(db, world)
        found = _leads(db, rule)
    assert {lead["subject"]: lead["certainty"] for lead in found} == world["leads"]
    assert len({lead["lead"] for lead in found}) == len(found)


def test_a_village_does_not_stand_before_a_child_for_having_no_age() -> None:
    def first(name: str) -> int:
        rule = next(one for one in rules.rules() if one.head.id == name)
        with duckdb.connect() as db:
            lay(db, yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))
            return int(_leads(db, rule)[0]["weight"])

    assert first("village_without_director") < first("disabled_without_file")


def test_a_right_text_is_read() -> None:
    assert rules.parse(HEAD + SQL, "x.sql").head.need == "N4"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SQL, "没有用"),
        (HEAD.replace("need: N4", "need: N44") + SQL, "need"),
        (HEAD.replace("owner: county_officer", "owner: nobody") + SQL, "owner"),
        (HEAD.replace("legal: 无\n", "") + SQL, "legal"),
        (HEAD + "selekt 1 from", "SQL"),
        (HEAD + SQL + "; drop table school", "一条查询"),
        (HEAD + SQL.replace("from school", "from schools"), "schools"),
        (HEAD + SQL.replace("from school", "from school s join death d on d.pid = s.pid"), "reads"),
        (HEAD + SQL.replace("pid as", "id_no as"), "身份证号"),
        (HEAD + SQL.replace(", grade", ""), "缺少列 grade"),
    ],
)  # fmt: skip
def test_a_wrong_text_is_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(rules.BadRule) as refused:
        rules.parse(text, "x.sql")
    assert says in refused.value.sentence
    assert "x.sql" in refused.value.sentence


def test_an_id_that_is_not_the_files_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "y.sql").write_text(HEAD + SQL, encoding="utf-8")
    with pytest.raises(rules.BadRule, match="文件名"):
        rules.read(tmp_path)
