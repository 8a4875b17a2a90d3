"""How names are read and written: surname readings, compound surnames, variant characters. Data in names.yaml."""

from __future__ import annotations

from hutong.policy.loader import Basis, Strict, read


class _Readings(Basis):
    items: dict[str, tuple[str, ...]]


class _Variants(Basis):
    items: dict[str, str]


class _Names(Strict):
    surnames: _Readings
    compound: _Readings
    variants: _Variants


_NAMES: _Names = read("names.yaml", _Names)
SURNAMES: dict[str, tuple[str, ...]] = _NAMES.surnames.items
COMPOUND: dict[str, tuple[str, ...]] = _NAMES.compound.items
VARIANTS: dict[str, str] = _NAMES.variants.items
