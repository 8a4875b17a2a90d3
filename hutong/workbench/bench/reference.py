"""Splink, given our features, our levels and its own training: the reference that linkage is measured against.

Needs the dependency group `reference` (uv sync --group reference); the product does not use it.
"""

from __future__ import annotations

import logging
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from hutong.discovery.pipelines.linkage import features, names, reading, run
from hutong.discovery.pipelines.linkage.reading import quoted

_BLOCKS = (
    ("id_whole",), ("birth", "name_s"), ("name_s", "village"), ("name_s", "par1_s"), ("birth", "par1_s"), ("birth", "village", "sex"),
    ("birth", "id_tail"), ("id_area", "id_tail", "sex"),
)  # fmt: skip
_CROSSED = ("l.name_s = r.name_s and l.par1_s = r.par2_s", "l.par1_s = r.par2_s and l.birth = r.birth")
_LEVELS = {
    "number": [
        ("id_whole_l is null or id_whole_r is null", True), ("id_whole_l = id_whole_r", False), ("id_valid_l and id_valid_r", False),
        ("id_area_l = id_area_r and id_tail_l = id_tail_r", False), ("id_tail_l = id_tail_r", False),
    ],
    "birth": [
        ("birth_l is null or birth_r is null", True), ("birth_l = birth_r", False),
        ("left(born_l, 4) = left(born_r, 4) and substr(born_l, 5, 2) = right(born_r, 2) and right(born_l, 2) = substr(born_r, 5, 2)", False),
        ("levenshtein(born_l, born_r) <= 1", False), ("abs(birth_l - birth_r) <= 70", False),
    ],
    "parents": [
        ("par1_l is null or coalesce(par1_r, par2_r) is null", True), ("par1_l in (par1_r, par2_r)", False),
        ("par1_s_l in (par1_s_r, par2_s_r)", False),
        ("levenshtein(par1_s_l, coalesce(par1_s_r, '')) <= 1 or levenshtein(par1_s_l, coalesce(par2_s_r, '')) <= 1", False),
    ],
    "place": [
        ("village_l is null or village_r is null", True), ("division_l = division_r or village_l = village_r and town_l = town_r", False),
        ("village_l = village_r", False), ("town_l = town_r", False),
    ],
}  # fmt: skip


def link(left: Path, right: Path, out: Path) -> None:
    """Prepare, train, predict, take the best at Splink's own threshold of one half."""
    splink = import_module("splink")
    logging.getLogger("splink").setLevel(logging.ERROR)
    with duckdb.connect(config={"threads": 2, "memory_limit": "8GB"}) as db:
        _prepare(db, left, right)
        api = import_module("splink.backends.duckdb").DuckDBAPI(db)
        tables = [api.register(side, dataset_display_name=name) for side, name in (("l", "a_left"), ("r", "b_right"))]
        linker = splink.Linker(tables, _settings(splink))
        _train(splink, linker)
        found = linker.inference.predict(threshold_match_probability=0.5).physical_name
        db.execute(f"""copy (select lr.record as left_id, rr.record as right_id, score, 'linked' as band from
            (select l, arg_max(r, w) as r, max(w)::integer as score from (select w,
              case when a then unique_id_l else unique_id_r end as l, case when a then unique_id_r else unique_id_l end as r
              from (select *, match_weight as w, source_dataset_l = 'a_left' as a from {found})) group by l)
            join l_read lr on lr.n = l join r_read rr on rr.n = r) to {quoted(out)} (format parquet)""")


def _prepare(db: duckdb.DuckDBPyConnection, left: Path, right: Path) -> None:
    reading.read(db, left, "l_read", "左侧")
    reading.read(db, right, "r_read", "右侧")
    names.load(db)
    features.tokens(db, "l_read", "l_token", None)
    features.tokens(db, "r_read", "r_token", None, where=run.years(db, "birth_date"))
    for side in "lr":
        features.compared(db, f"{side}_token", f"{side}_row")
        db.execute(f"create table {side} as select *, strftime(birth, '%Y%m%d') as born from {side}_row")
        db.execute(f"alter table {side} rename n to unique_id")
        db.execute(f"drop table {side}_row")


def _settings(splink: Any) -> Any:
    cll = import_module("splink.comparison_level_library")
    cl = import_module("splink.comparison_library")
    custom = [_comparison(cl, cll, name, levels) for name, levels in _LEVELS.items()]
    name_levels = [
        cll.CustomLevel("name_l is null or name_r is null", "null").configure(is_null_level=True),
        cll.ExactMatchLevel("name", term_frequency_adjustments=True),
        cll.CustomLevel("name_s_l = name_s_r", "sound"),
        cll.CustomLevel("length(name_s_l) >= 3 and levenshtein(name_s_l, name_s_r) <= 1", "near"),
        cll.CustomLevel("left(name_s_l, 1) = left(name_s_r, 1)", "surname"),
        cll.ElseLevel(),
    ]
    name = cl.CustomComparison(output_column_name="name", comparison_levels=name_levels)
    return splink.SettingsCreator(
        link_type="link_only", unique_id_column_name="unique_id", comparisons=[*custom, name, cl.ExactMatch("sex")],
        blocking_rules_to_generate_predictions=[*(splink.block_on(*keys) for keys in _BLOCKS), *_CROSSED],
        retain_intermediate_calculation_columns=False, retain_matching_columns=False, max_iterations=15,
    )  # fmt: skip


def _comparison(cl: Any, cll: Any, name: str, levels: list[tuple[str, bool]]) -> Any:
    made = [cll.CustomLevel(sql, f"{name}{at}").configure(is_null_level=null) for at, (sql, null) in enumerate(levels)]
    return cl.CustomComparison(output_column_name=name, comparison_levels=[*made, cll.ElseLevel()])


def _train(splink: Any, linker: Any) -> None:
    linker.training.estimate_probability_two_random_records_match(
        ["l.id_whole = r.id_whole and l.name = r.name"], recall=0.85
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for keys in (("birth", "name_s"), ("name_s", "par1_s"), ("birth", "id_tail")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            splink.block_on(*keys), max_pairs=2e6, record_sample_proportion=1.0
        )
