"""Outlines of counties on a plane: the packaged sketch, or an approved GeoJSON file that the office puts in its place."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

SKETCH = Path(__file__).with_name("data") / "heze_outline.json"
_WIDTH = 600
Point = tuple[float, float]


@dataclass(frozen=True)
class County:
    """One county's shape as an SVG path, and where its name goes."""

    code: int
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Outline:
    """All counties on one plane, with the sentence that must stand below."""

    width: int
    height: int
    caveat_zh: str
    caveat_en: str
    counties: tuple[County, ...]


@lru_cache(maxsize=1)
def outline() -> Outline | None:
    """The outlines in use (HUTONG_MAP: empty = the sketch, `none` = no map, else a GeoJSON file). None: draw bars."""
    if settings.MAP == "none":
        return None
    try:
        return from_geojson(json.loads(Path(settings.MAP).read_text())) if settings.MAP else _sketch()
    except (OSError, ValueError, KeyError, TypeError):
        return None  # `hutong doctor` names the file; a board without its picture still has all its figures


def _sketch() -> Outline:
    raw = json.loads(SKETCH.read_text(encoding="utf-8"))
    counties = tuple(County(c["code"], _path(c["rings"]), *c["label"]) for c in raw["counties"])
    return Outline(raw["width"], raw["height"], raw["caveat_zh"], raw["caveat_en"], counties)


def _path(rings: list[list[Point]]) -> str:
    return "".join("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in ring) + "Z" for ring in rings)


def from_geojson(raw: dict[str, Any]) -> Outline:
    """Features with a 6 or 12 digit `adcode` or `code` → outlines 600 units wide. Raises KeyError, ValueError."""
    shapes = {_code(feature["properties"]): _rings(feature["geometry"]) for feature in raw["features"]}
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    left, top = min(p[0] for p in points), max(p[1] for p in points)
    flat = math.cos(math.radians(sum(p[1] for p in points) / len(points)))
    scale = _WIDTH / ((max(p[0] for p in points) - left) * flat)
    height = math.ceil((top - min(p[1] for p in points)) * scale)
    counties = []
    for code, rings in shapes.items():
        plane = [[((x - left) * flat * scale, (top - y) * scale) for x, y, *_ in ring] for ring in rings]
        label = _centre(max(plane, key=len))
        counties.append(County(code, _path([_thin(ring) for ring in plane]), *label))
    return Outline(_WIDTH, height, str(raw.get("caveat_zh", "")), str(raw.get("caveat_en", "")), tuple(counties))


def _code(properties: dict[str, Any]) -> int:
    text = str(properties.get("code") or properties["adcode"])
    return int(text.ljust(12, "0"))


def _rings(geometry: dict[str, Any]) -> list[list[Any]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for polygon in polygons for ring in polygon]


def _centre(ring: list[Point]) -> tuple[int, int]:
    area = x = y = 0.0
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = ax * by - bx * ay
        area, x, y = area + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    return (round(x / 3 / area), round(y / 3 / area)) if area else (round(ring[0][0]), round(ring[0][1]))


def _thin(ring: list[Point]) -> list[Point]:
    half = len(ring) // 2  # a closed ring is split, so that each part has two distinct ends
    return _simplified(ring[: half + 1])[:-1] + _simplified(ring[half:])


def _simplified(points: list[Point], tolerance: float = 1.0) -> list[Point]:
    """Douglas–Peucker, in units of the plane."""
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = math.hypot(bx - ax, by - ay) or 1e-9
    far, at = max(
        (abs((by - ay) * x - (bx - ax) * y + bx * ay - by * ax) / length, n)
        for n, (x, y) in enumerate(points[1:-1], start=1)
    )
    if far <= tolerance:
        return [points[0], points[-1]]
    return _simplified(points[: at + 1], tolerance)[:-1] + _simplified(points[at:], tolerance)
