"""The phone app against the real server: what a director saves in the village settles her duties in the office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from hutong.duties.models import Duty
from hutong.wellbeing.models import Visit
from tests.field.village import Handset, Village, today


@pytest.fixture
def village(site: str) -> Village:
    return Village(site)


@pytest.fixture
def handset(app: Path, chromium: Any, village: Village, tmp_path: Path) -> Iterator[Handset]:
    made = Handset(chromium.browser_type, tmp_path / "phone", village.site)
    made.sign_in(village.lin)
    made.set_pin()
    made.page.wait_for_selector("text=要去 2 家")
    yield made
    made.close()
    assert not made.complaints


def test_a_visit_saved_without_network_settles_the_duty_on_the_server(village: Village, handset: Handset) -> None:
    owed = Duty.objects.get(file=village.girl, obligation="visit.first")
    assert owed.state == "due"
    handset.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    handset.offline()
    handset.visit(village.girl.pk)
    handset.save()
    handset.unsent(1)
    assert not Visit.objects.exists()
    handset.offline(False)
    handset.unsent(0)
    visit = Visit.objects.get()
    assert (visit.file, visit.by, visit.occurred_on, visit.child_seen) == (village.girl, village.lin, today(), True)
    owed.refresh_from_db()
    assert (owed.state, owed.done_on) == ("done", today())
    handset.go("#today")
    expect(handset.page.locator("h2").first).to_have_text("要去 1 家")
