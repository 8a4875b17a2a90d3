"""All pages a role opens first, at both sizes: one heading, accessible, nothing wider than the window."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests import make
from tests.browser import DESK, PHONE, faults, overflows, sign_in

DIRECTOR = ("", "children/", "children/{file}/", "children/{file}/visit/", "children/{file}/contact/", "children/{file}/change/",
            "children/{file}/attempt/", "search/?q=王", "plan/", "looks/{file}/", "board/")  # fmt: skip
OFFICER = ("", "children/", "children/{file}/", "children/new/", "proposals/", "search/?q=王", "plan/", "plan/trace/", "board/", "looks/{file}/")  # fmt: skip


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "360"])
@pytest.mark.parametrize("role", ["director", "officer"])
def test_the_pages_of_a_role(site: str, open_at: Any, size: dict[str, int], role: str) -> None:
    zhou, qin, lin = make.zhou(), make.qin(), make.lin()
    with make.as_(zhou):
        file = make.file(zhou)
        make.parents_away(file, zhou)
        make.left_behind(file, zhou, qin)
    user, paths = (lin, DIRECTOR) if role == "director" else (zhou, OFFICER)
    page = open_at(size=size)
    sign_in(page, site, user.username, make.PASSWORD)
    wrong = []
    for path in paths:
        page.goto(f"{site}/{path.format(file=file.pk)}")
        if folder := os.environ.get("HUTONG_PICTURES"):
            name = path.replace("{file}", "one").replace("/", "_").split("?")[0] or "home"
            page.screenshot(path=f"{folder}/s_{role}_{name}_{size['width']}.png")
        found = faults(page) if page.locator("h1").count() == 1 else [f"{page.locator('h1').count()} h1"]
        wrong += [f"/{path}: {fault}" for fault in found]
        if overflows(page) > 0:
            wrong.append(f"/{path}: {overflows(page)} px too wide")
    assert wrong == []
    page.goto(site)
    assert page.locator("tbody tr").count() > 0  # what was looked at above was not empty
