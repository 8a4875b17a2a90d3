"""Logs say what happened in the machine, and nothing about anybody."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
import structlog

from hutong.config import logs

NUMBER, PHONE, NAME = "371726201301010017", "13805301234", "王小明"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure()
    out = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(out)
    yield out
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def silent_about(text: str) -> bool:
    text = re.sub(r'"timestamp": "[^"]*"', "", text)  # its digits are chance
    return not any(secret in text for secret in (NUMBER, PHONE, NAME, NUMBER[-4:], PHONE[-4:]))


def test_it_drops_keys_nobody_vouched_for_and_says_which(written: io.StringIO) -> None:
    structlog.get_logger("hutong").info("visit recorded", name=NAME, id_number=NUMBER, count=3)
    line = json.loads(written.getvalue())
    assert line["count"] == 3
    assert line["dropped"] == ["id_number", "name"]
    assert silent_about(written.getvalue())


@pytest.mark.parametrize(
    "text",
    [
        f"refused {NUMBER}",
        f"Internal Server Error: /search/?q={NAME}",
        f"Key (id_number)=({NUMBER}) already exists.",
        f"call {PHONE} or 138 0530 1234",
        f"child {NAME} of {NUMBER[:6]}-{NUMBER[6:14]}-{NUMBER[14:]}",
    ],
)
def test_it_masks_what_libraries_write(written: io.StringIO, text: str) -> None:
    logging.getLogger("django.request").error("%s", text)
    assert silent_about(written.getvalue())


def test_it_keeps_of_an_exception_its_type_and_its_places(written: io.StringIO) -> None:
    try:
        raise ValueError(f"cannot parse {NAME} {NUMBER} wangxiaoming")
    except ValueError:
        logging.getLogger("hutong").exception("import failed")
    line = json.loads(written.getvalue())
    assert line["error"] == "ValueError"
    assert line["places"][-1].startswith("tests/config/test_logs.py") or "test_logs.py" in line["places"][-1]
    assert silent_about(written.getvalue())
    assert "wangxiaoming" not in written.getvalue()


def test_it_still_says_what_an_operator_needs(written: io.StringIO) -> None:
    logging.getLogger("hutong.work").warning("job failed", extra={})
    assert json.loads(written.getvalue())["event"] == "job failed"
