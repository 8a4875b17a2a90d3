"""A family as registers have it: the father held, the mother dead, the child on no list."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from hutong.discovery.pipelines import registers
from tests.discovery.registers import number, write

ON = date(2026, 9, 1)
HOME = 371726001216
FATHER, MOTHER, CHILD = (number(b) for b in ("37172619900101101", "37172619900102102", "37172620180101103"))


def put(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    write(folder / f"{name}.parquet", list(rows), registers.COLUMNS[name])


def lay(tmp_path: Path) -> Path:
    """Registers in which the child is one lead of `uncared_for`."""
    base = {"division": HOME, "household_id": 1}
    put(
        tmp_path, "police",
        {**base, "record_id": 1, "id_no": FATHER, "name": "张父合", "sex": "男", "birth_date": date(1990, 1, 1), "relation": "户主"},
        {**base, "record_id": 2, "id_no": MOTHER, "name": "李母合", "sex": "女", "birth_date": date(1990, 1, 2), "relation": "配偶"},
        {**base, "record_id": 3, "id_no": CHILD, "name": "张小合", "sex": "男", "birth_date": date(2018, 1, 1), "relation": "子女",
         "father_id_no": FATHER, "mother_id_no": MOTHER},
    )  # fmt: skip
    put(
        tmp_path,
        "custody",
        {"record_id": 7, "id_no": FATHER, "name": "张父合", "began_on": date(2026, 1, 1), "months": 24},
    )
    put(tmp_path, "death", {"record_id": 8, "id_no": MOTHER, "name": "李母合", "died_on": date(2020, 1, 1)})
    for name in ("allowance", "files"):  # delivered, with somebody else in them
        put(tmp_path, name, {"record_id": 9, "id_no": number("37172620160101105"), "name": "王合成", "kind": "x"})
    return tmp_path
