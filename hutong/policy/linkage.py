"""How registers are linked. Data in linkage.yaml."""

from __future__ import annotations

from hutong.policy.loader import Basis, Strict, read


class Engine(Basis):
    """What one DuckDB connection may use."""

    threads: int
    memory_limit: str

    def config(self) -> dict[str, str | bool | int | float | list[str]]:
        """As duckdb.connect(config=…) takes it. No network: extensions are neither fetched nor loaded."""
        return {
            "threads": self.threads,
            "memory_limit": self.memory_limit,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }


class Columns(Basis):
    """Headings: of the row's own id, and of each thing that is compared."""

    record: tuple[str, ...]
    read: dict[str, tuple[str, ...]]


class Exact(Basis):
    """Agreement on number and name."""

    most_on_left: int


class Blocks(Basis):
    """Who is worth comparing."""

    most_on_right: int
    most_pairs: int
    years_around: int


class ByRarity(Strict):
    """Weight of agreement on a value: 10 · log2(how rare it is) − lost, between two bounds."""

    least: int
    most: int
    lost: int


class Weights(Basis):
    """Tenths of a bit for each level of agreement; linkage.yaml says what each is."""

    id_same: int
    id_area_and_tail: int
    id_tail: int
    id_differs: int
    id_both_valid: int
    id_half: int
    name: ByRarity
    name_sound: ByRarity
    name_near: int
    name_surname: int
    name_differs: int
    name_exchanged: int
    name_long: int
    birth: ByRarity
    birth_swapped: int
    birth_digit: int
    birth_lunar: int
    birth_differs: int
    sex_same: int
    sex_differs: int
    parent: ByRarity
    parent_sound: int
    parent_near: int
    parent_differs: int
    parent_unsure: int
    parent_second: int
    parent_long: int
    place: ByRarity
    place_name: int
    place_town: int
    place_differs: int
    place_near: int
    taken: int
    taken_other_name: int


class Slips(Basis):
    """How far apart two words may be and still count as the same word misspelt."""

    one_in: int
    long: int


class Bands(Basis):
    """From which score on a pair counts as what."""

    exact: int
    linked: int
    review: int
    gap: int


class _Linkage(Strict):
    engine: Engine
    columns: Columns
    exact: Exact
    blocks: Blocks
    slips: Slips
    weights: Weights
    prior_share: int
    bands: Bands


LINKAGE: _Linkage = read("linkage.yaml", _Linkage)
