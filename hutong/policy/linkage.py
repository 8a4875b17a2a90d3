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


class _Linkage(Strict):
    engine: Engine


LINKAGE: _Linkage = read("linkage.yaml", _Linkage)
