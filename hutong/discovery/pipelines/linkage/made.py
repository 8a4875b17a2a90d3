"""Which code prepared something: what is kept from run to run is not compared with what other code prepares."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import duckdb

from hutong.kernel import number_tokens


@cache
def by() -> str:
    """A digest of the linkage's own text, and of the engine whose hashes are kept."""
    texts = [*sorted(Path(__file__).parent.glob("*.py")), Path(number_tokens.__file__)]
    return hashlib.sha256(b"".join([duckdb.__version__.encode(), *(text.read_bytes() for text in texts)])).hexdigest()[
        :12
    ]
