"""Can the schedules fail? Faults put in on purpose, in the app and in the server, are each caught by a seeded schedule."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.faults.phone import check, schedule, stage
from tests.faults.phone.mutants import APP, SERVER, Mutant
from tests.faults.phone.play import Player
from tests.faults.phone.scene import scene

pytestmark = pytest.mark.skipif(
    not os.environ.get("HUTONG_MUTANTS"), reason="HUTONG_MUTANTS=1 puts faults in (minutes)"
)
TRIED = 300  # seeds looked through for schedules with the step needed
AT_MOST = 12  # schedules played for one mutant


def test_each_fault_put_in_is_caught(
    transactional_db: None, app: Path, chromium: Any, tmp_path: Path, subtests: Any
) -> None:
    wanted = os.environ["HUTONG_MUTANTS"]
    with scene(chromium, tmp_path) as player:
        for number, mutant in enumerate([*APP, *SERVER]):
            if wanted.isdigit() and int(wanted) > 1 and int(wanted) != number + 2:
                continue
            with subtests.test(msg=str(mutant)):
                _put_in(player, mutant, tmp_path / f"mutant{number}")
                seed, said = _caught(player, mutant)
                print(f"{mutant}: seed {seed}: {said}", flush=True)
                assert seed, f"not caught: {mutant}"


def _put_in(player: Player, mutant: Mutant, folder: Path) -> None:
    player.patience = 12
    built = stage.build(folder / "app", edits=() if mutant.server else mutant.edits)
    player.builds = [built, built]
    player.server.show(built)
    code = stage.edited_server(folder, mutant.edits) if mutant.server else stage.ROOT
    if player.server.code != code:
        player.server.run(code)


def _caught(player: Player, mutant: Mutant) -> tuple[int, str]:
    """The first seed that sees it, and what it says; 0 for none."""
    fit = [seed for seed in range(1, TRIED) if _has(schedule.schedule(seed), mutant.needs)]
    for seed in fit[:AT_MOST]:
        try:
            player.play(seed, schedule.schedule(seed))
            wrong = check.complaints(player)
        except AssertionError as error:
            wrong = [str(error)] if mutant.stuck else []
        if wrong:
            return seed, wrong[0][:150]
    return 0, "nothing"


def _has(steps: list[schedule.Step], needed: str) -> bool:
    kills = any("kill" in step.do or step.what.startswith("die") for step in steps)
    return (needed == "wreck" or not kills) and (not needed or any(needed in (step.do, step.what) for step in steps))
