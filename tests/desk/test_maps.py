"""The map of counties: the sketch, an approved file in its place, or none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.desk.ui.maps import Cell, county_map
from hutong.desk.ui.outline import from_geojson, outline

NINE = {c * 10**6 for c in (371702, 371703, 371721, 371722, 371723, 371724, 371725, 371726, 371728)}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    outline.cache_clear()
    yield
    outline.cache_clear()


def test_the_sketch_has_the_nine_counties_and_says_what_it_is() -> None:
    shapes = outline()
    assert shapes is not None
    assert {county.code for county in shapes.counties} == NINE
    assert "审图号" in shapes.caveat_zh
    assert all(0 < c.x < shapes.width and 0 < c.y < shapes.height for c in shapes.counties)


def test_a_county_without_an_outline_stands_beside_the_map() -> None:
    drawn = county_map({371726000000: Cell("鄄城县", "91%", 91), 371771000000: Cell("经开区", "88%", 88)}, label="x")
    assert drawn.count("<path") == 1
    assert "没有单独轮廓" in drawn
    assert "经开区" in drawn


def test_a_hidden_figure_has_no_shade_of_its_own() -> None:
    drawn = county_map({371726000000: Cell("鄄城县", "<5"), 371725000000: Cell("郓城县", "9", 9)}, label="x")
    assert re.search(r'<path class="none"', drawn)
    assert "&lt;5" in drawn


@given(st.dictionaries(st.sampled_from(sorted(NINE)), st.one_of(st.none(), st.floats(0, 100)), min_size=1))
def test_any_figures_can_be_drawn(values: dict[int, float | None]) -> None:
    drawn = county_map({code: Cell("县", "x", value) for code, value in values.items()}, label="x")
    assert drawn.count("<path") == len(values)
    assert drawn.count('<path class="none"') == sum(value is None for value in values.values())


def test_an_approved_file_takes_the_place_of_the_sketch(settings: Any, tmp_path: Path) -> None:
    square = [[115.0, 35.0], [115.1, 35.0], [115.1, 35.05], [115.1, 35.1], [115.0, 35.1], [115.0, 35.0]]
    feature = {"properties": {"adcode": "371726"}, "geometry": {"type": "MultiPolygon", "coordinates": [[square]]}}
    raw = {"caveat_zh": "审图号：示例", "features": [feature]}
    path = tmp_path / "map.geojson"
    path.write_text(json.dumps(raw))
    settings.MAP = str(path)
    shapes = outline()
    assert shapes == from_geojson(raw)
    assert [county.code for county in shapes.counties] == [371726000000]
    assert "审图号：示例" in county_map({371726000000: Cell("鄄城县", "1", 1)}, label="x")


@pytest.mark.parametrize("value", ["none", "/no/such/file", __file__])
def test_without_outlines_there_is_no_map(settings: Any, value: str) -> None:
    settings.MAP = value
    assert county_map({371726000000: Cell("鄄城县", "1", 1)}, label="x") == ""
