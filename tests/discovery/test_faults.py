"""Runs over registers that are killed, doubled, short of disk or given nonsense: what stood stays, and a sentence says why."""

from __future__ import annotations

import fcntl
import resource
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from hutong.discovery.pipelines import registers, running
from hutong.discovery.pipelines.linkage import run as linkage
from hutong.discovery.pipelines.rules import rules
from hutong.kernel.refusals import Refusal
from tests.discovery.family import CHILD, FATHER, HOME, MOTHER, ON, lay, put
from tests.discovery.registers import number, person, read, write

# Runs discover in a process that kills itself at the N-th statement or renaming (a saboteur around the library, not around us).
SABOTAGE = """
import os, signal, sys
from datetime import date
from pathlib import Path
import duckdb
left = [int(sys.argv[2])]
def step():
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
class Connection:
    def __init__(self, db): self.db = db
    def __enter__(self): self.db.__enter__(); return self
    def __exit__(self, *why): return self.db.__exit__(*why)
    def __getattr__(self, name): return getattr(self.db, name)
    def execute(self, *said): step(); return self.db.execute(*said)
connect = duckdb.connect
duckdb.connect = lambda *a, **k: Connection(connect(*a, **k))
sys.addaudithook(lambda event, said: step() if event == "os.rename" else None)
from hutong.discovery.pipelines import running
from hutong.discovery.pipelines.rules import rules
folder = Path(sys.argv[1])
running.discover(folder, folder / "leads.parquet", rules(), on=date(2026, 9, 1))
print(-left[0])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay(tmp_path)


def run(folder: Path) -> running.Outcome:
    return running.discover(folder, folder / "leads.parquet", rules(), on=ON)


def rows(folder: Path) -> list[tuple]:
    return duckdb.sql(f"from '{folder}/leads.parquet' order by lead").fetchall()


def sabotaged(folder: Path, step: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SABOTAGE, str(folder), str(step)], capture_output=True, text=True, check=False
    )


def other_delivery(folder: Path) -> None:
    """The father is free again, and another child is known: leads change."""
    put(
        folder,
        "custody",
        {"record_id": 7, "id_no": number("37172619900101199"), "name": "某某", "began_on": ON, "months": 2},
    )


def test_kill_9_at_any_step_leaves_the_old_leads_whole_links_and_a_run_that_goes_on(
    folder: Path, tmp_path: Path
) -> None:
    run(folder)
    old = (folder / "leads.parquet").read_bytes()
    other_delivery(folder)
    steps = int(sabotaged(lay_copy(folder, tmp_path / "reference"), 0).stdout)
    wanted = rows(tmp_path / "reference")
    for step in (steps // 4, steps // 2, steps * 3 // 4, steps):  # the last is putting the leads in their place
        killed = lay_copy(folder, tmp_path / str(step))
        assert sabotaged(killed, step).returncode == -signal.SIGKILL
        assert (killed / "leads.parquet").read_bytes() == old
        for links in (killed / ".links").glob("*.parquet"):
            assert duckdb.sql(f"select count(*) from '{links}'").fetchall()
        run(killed)
        assert rows(killed) == wanted
        assert not [one for one in killed.rglob("*") if ".work-" in one.name]


def lay_copy(folder: Path, to: Path) -> Path:
    to.mkdir()
    for file in folder.glob("*.parquet"):
        (to / file.name).write_bytes(file.read_bytes())
    return to


def test_what_was_linked_before_the_kill_is_not_linked_again(folder: Path) -> None:
    for step in range(60, 600, 60):  # until two registers are linked
        assert sabotaged(folder, step).returncode == -signal.SIGKILL
        if len(before := {one: one.stat().st_mtime_ns for one in (folder / ".links").glob("*.parquet")}) >= 2:
            break
    run(folder)
    assert before and {one: one.stat().st_mtime_ns for one in before} == before


def test_a_run_over_the_same_registers_is_refused_while_another_links_them(folder: Path) -> None:
    (folder / ".links").mkdir()
    with (folder / ".links" / ".links.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Refusal, match="另一次发现任务正在比对"):
            running.discover(folder, folder / "elsewhere.parquet", rules(), on=ON)
    assert not (folder / "elsewhere.parquet").exists()


def test_two_linkages_into_one_file_or_over_one_index_at_once_are_refused(tmp_path: Path) -> None:
    good = write(tmp_path / "good.parquet", [person(serial) for serial in range(9)])
    kept = linkage.Kept(index=tmp_path / "persons", key="0f" * 16)
    for name, says in ((".out.parquet.lock", "同一个结果文件"), (".persons.lock", "人员索引")):
        with (tmp_path / name).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(Refusal, match=says):
                linkage.link(good, good, tmp_path / "out.parquet", kept)
    linkage.link(good, good, tmp_path / "out.parquet", kept)
    assert len(read(tmp_path / "out.parquet")) == 9


def test_a_full_disk_changes_nothing_and_says_so(folder: Path) -> None:
    """A limit on the size of files stands in for the disk: writing beyond it fails in the same calls."""
    run(folder)
    old = (folder / "leads.parquet").read_bytes()
    other_delivery(folder)
    full = subprocess.run(
        [sys.executable, "-c", SABOTAGE, str(folder), "0"], capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )  # fmt: skip
    assert "Refusal" in full.stderr and "请检查磁盘空间" in full.stderr
    assert (folder / "leads.parquet").read_bytes() == old
    run(folder)
    assert (folder / "leads.parquet").read_bytes() != old


@pytest.mark.parametrize("name", ["police", "custody"])
@pytest.mark.parametrize("kept", [0, 3, 200, -1])
def test_a_truncated_register_is_told_by_name_and_leads_stay(folder: Path, name: str, kept: int) -> None:
    run(folder)
    old = (folder / "leads.parquet").read_bytes()
    file = folder / f"{name}.parquet"
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(Refusal, match=f"{name}.*原有线索不变"):
        run(folder)
    assert (folder / "leads.parquet").read_bytes() == old


def test_links_that_a_failing_disk_cut_are_made_anew(folder: Path) -> None:
    run(folder)
    before = rows(folder)
    for links in (folder / ".links").glob("*.parquet"):
        links.write_bytes(links.read_bytes()[:-20])
    run(folder)
    assert rows(folder) == before


@pytest.mark.parametrize("name", ["a'; drop table police; --", "*?[b]", "第一 季\n度", '"', "$(touch x)", "-rf"])
def test_a_hostile_name_of_a_folder_or_a_result_is_a_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "ab").mkdir()  # what *?[b] would find
    (tmp_path / "plain").mkdir()
    lay(tmp_path / "plain").rename(tmp_path / name)
    out = tmp_path / name / f"{name}.out"
    assert running.discover(tmp_path / name, out, rules(), on=ON).rules["uncared_for"] == 1
    assert out.is_file()


def test_a_name_too_long_for_the_disk_is_a_sentence(folder: Path) -> None:
    with pytest.raises(Refusal, match="较短的名字"):
        running.discover(folder, folder / ("长" * 84), rules(), on=ON)


def test_a_register_with_one_person_thousands_of_times_gives_one_lead(folder: Path) -> None:
    many = [
        {"record_id": at, "id_no": FATHER, "name": "张父合", "began_on": date(2026, 1, 1), "months": 24}
        for at in range(3000)
    ]
    with duckdb.connect() as db:  # the helper inserts row by row
        db.execute("create table t as select record_id, ? as id_no, '张父合' as name, null::text as sex, null::date as birth_date,"
                   " null::bigint as division, date '2026-01-01' as began_on, 24 as months from range(3000) r(record_id)", [FATHER])  # fmt: skip
        db.execute(f"copy t to '{folder}/custody.parquet' (format parquet)")
    outcome = run(folder)
    assert outcome.rules["uncared_for"] == 1 or outcome.unlinked["custody"] == len(many)
    assert len(rows(folder)) == len({row[0] for row in rows(folder)})


def test_the_same_row_number_thousands_of_times_is_refused(folder: Path) -> None:
    duckdb.sql(f"select 7 as record_id, '{FATHER}' as id_no, '张父合' as name from range(3000)").write_parquet(
        str(folder / "custody.parquet")
    )
    with pytest.raises(Refusal, match=r"custody.*2999 处空缺或重复"):
        run(folder)


def test_everybody_born_on_1_january_is_linked_by_what_else_there_is(tmp_path: Path) -> None:
    own = [person(serial, birth_date="2012-01-01", id_no=None) for serial in range(300)]
    linkage.link(write(tmp_path / "l.parquet", own), write(tmp_path / "r.parquet", own), tmp_path / "out.parquet")
    found = read(tmp_path / "out.parquet")
    assert not [left for left, (right, band) in found.items() if left != right and band != "review"]
    assert sum(band == "linked" for _, band in found.values()) > 250


def test_the_fathers_number_given_for_the_child_makes_no_pupil_of_the_father(folder: Path) -> None:
    put(
        folder,
        "school",
        {
            "record_id": 1,
            "id_no": FATHER,
            "name": "张小合",
            "sex": "男",
            "birth_date": date(2018, 1, 1),
            "division": HOME,
            "grade": 2,
        },
    )
    run(folder)
    with duckdb.connect() as db:
        (links,) = (folder / ".links").glob("school.*.parquet")
        assert not db.execute(
            "select 1 from read_parquet(?) where right_id = 1 and band <> 'review'", [str(links)]
        ).fetchall()


def test_an_empty_delivery_after_a_full_one_runs_no_rule_and_says_so(folder: Path) -> None:
    run(folder)
    put(folder, "allowance")
    outcome = run(folder)
    assert "没有收到民政补贴发放名册" in outcome.skipped["uncared_for"] and "uncared_for" not in outcome.rules


def test_another_heading_offices_use_is_read(folder: Path) -> None:
    rename(folder, "death", id_no="身份证号", name="姓名", record_id="ID")
    assert run(folder).rules["uncared_for"] == 1


def test_a_heading_nobody_knows_stops_the_rules_that_need_it_and_a_police_register_without_parents_stops_all(
    folder: Path,
) -> None:
    put(
        folder,
        "detox",
        {"record_id": 9, "id_no": number("37172620160101105"), "name": "王合成", "began_on": ON, "months": 24},
    )
    rename(folder, "custody", began_on="rq")
    assert "began_on" in run(folder).skipped["guardian_detained"]
    rename(folder, "police", father_id_no="f")
    with pytest.raises(Refusal, match=r"没有列 father_id_no.*原有线索不变"):
        run(folder)


def rename(folder: Path, register: str, /, **to: str) -> None:
    file = folder / f"{register}.parquet"
    renamed = ", ".join(f'"{old}" as "{new}"' for old, new in to.items())
    duckdb.sql(f"select * exclude ({', '.join(to)}), {renamed} from '{file}'").write_parquet(str(folder / "other"))
    (folder / "other").replace(file)


def drift(folder: Path, register: str, /, **to: str) -> None:
    file = folder / f"{register}.parquet"
    changed = ", ".join(f"{sql} as {column}" for column, sql in to.items())
    duckdb.sql(f"select * replace ({changed}) from '{file}'").write_parquet(str(folder / "other"))
    (folder / "other").replace(file)


def test_types_that_drift_are_read_where_they_can_be(folder: Path) -> None:
    before = run(folder).rules["uncared_for"]
    sex = "case sex when '男' then '1' else '2' end"
    born = "strftime(birth_date, '%Y年%m月%d日')"
    drift(folder, "police", birth_date=born, record_id="record_id::varchar", division="division::double", sex=sex)
    drift(
        folder,
        "custody",
        began_on="strftime(began_on, '%Y%m%d')",
        months="months::varchar",
        record_id="'案' || record_id",
    )
    outcome = run(folder)
    assert outcome.rules["uncared_for"] == before == 1
    assert outcome.doubts == []


def test_what_cannot_be_read_is_counted_and_a_column_that_is_nonsense_counts_as_missing(folder: Path) -> None:
    put(
        folder,
        "detox",
        {"record_id": 9, "id_no": number("37172620160101105"), "name": "王合成", "began_on": ON, "months": 24},
    )
    drift(folder, "custody", months="'两年'")
    outcome = run(folder)
    assert "列 months 有 1 个值，一个也读不懂" in outcome.doubts[0]
    assert "months" in outcome.skipped["guardian_detained"]
    drift(folder, "police", birth_date="'不详'")
    with pytest.raises(Refusal, match="没有列 birth_date"):
        run(folder)


def test_a_few_values_that_cannot_be_read_are_said_and_the_rest_is_used(folder: Path) -> None:
    put(
        folder, "death",
        {"record_id": 8, "id_no": MOTHER, "name": "李母合", "died_on": date(2020, 1, 1)},
        {"record_id": 9, "id_no": CHILD[:17], "name": "无", "died_on": date(2021, 1, 1)},
    )  # fmt: skip
    drift(folder, "death", died_on="case record_id when 8 then died_on::varchar else '前年' end")
    outcome = run(folder)
    assert outcome.doubts == ["死亡登记的列 died_on 有 1 个值读不懂，按不详处理"]
    assert outcome.rules["uncared_for"] == 1


def test_a_register_nobody_delivers_any_more_is_the_same_as_an_empty_one(folder: Path) -> None:
    for name in registers.NAMES - {"police"}:
        (folder / f"{name}.parquet").unlink(missing_ok=True)
    outcome = run(folder)
    assert outcome.rules == {} and len(outcome.skipped) == len(rules())
