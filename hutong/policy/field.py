"""The numbers of the phone app and its API, dated and sourced. Data in field.yaml."""

from __future__ import annotations

from datetime import date

from hutong.policy.loader import Dated, Strict, read

CONTRACT = 1  # the version of the contract this server speaks


class Numbers(Strict):
    """Every number of the file."""

    pack_lives_days: Dated[int]
    pack_children_at_most: Dated[int]
    request_bytes_at_most: Dated[int]
    operations_at_once: Dated[int]
    chunk_bytes_at_most: Dated[int]
    blob_bytes_at_most: Dated[int]
    silent_days: Dated[int]
    contract_versions_back: Dated[int]
    answers_days: Dated[int]
    handed_bytes_at_most: Dated[int]
    handed_at_once: Dated[int]


NUMBERS: Numbers = read("field.yaml", Numbers)


def number(name: str, on: date) -> int:
    """The number called `name` in force on `on`."""
    dated: Dated[int] = getattr(NUMBERS, name)
    return dated.on(on)
