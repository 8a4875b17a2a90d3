"""Reads the packaged policy files: shape checked, every refusal with file and line.

Owns: safe YAML reading, the shapes `Standing`, `Basis`, `Dated`, and the content version.
Does not own what any file means: each reader beside its file does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    TypeAdapter,
    ValidationError,
    field_validator,
)

FOLDER = Path(str(resources.files("hutong.policy")))


class PolicyError(Exception):
    """A policy file that cannot be used. The text names file, line and key."""


class Standing(StrEnum):
    """Who says so: the plan (`seed`), a public source (`sourced`), or we (`proposed`)."""

    SEED = "seed"
    SOURCED = "sourced"
    PROPOSED = "proposed"


class Strict(BaseModel):
    """A shape that refuses keys it does not know and cannot be changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Basis(Strict):
    """Where a rule or number comes from."""

    source: str
    standing: Standing

    @field_validator("source")
    @classmethod
    def _named(cls, source: str) -> str:
        if not source.strip():
            raise ValueError("a policy entry must name its source")
        return source


Value = TypeVar("Value")


class Dated(Basis, Generic[Value]):
    """A value that changes by date: the entry in force on a day is the latest not after it."""

    values: dict[date, Value]

    @field_validator("values")
    @classmethod
    def _some(cls, values: dict[date, Value]) -> dict[date, Value]:
        if not values:
            raise ValueError("a dated value needs at least one date")
        return dict(sorted(values.items()))

    def on(self, day: date) -> Value:
        """The value in force on `day`. A day before the first date is refused, not guessed."""
        held = [value for since, value in self.values.items() if since <= day]
        if not held:
            raise PolicyError(f"no value in force on {day}; the first is of {min(self.values)}")
        return held[-1]

    @property
    def latest(self) -> Value:
        """The newest value, for pages that show the rule and not its use on a day."""
        return list(self.values.values())[-1]


class _UniqueKeys(yaml.SafeLoader):
    """SafeLoader that refuses a key written twice (YAML would keep the last in silence)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key!r} is written twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


# YAML 1.1 reads `on`, `no`, `y` as booleans; here only true and false are.
_UniqueKeys.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:bool"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_UniqueKeys.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))

Shape = TypeVar("Shape")


def read(name: str, shape: type[Shape] | Any, *, folder: Path = FOLDER) -> Shape:
    """Load `name` (relative to the policy folder) as `shape`, or raise PolicyError with the place."""
    text = (folder / name).read_text(encoding="utf-8")
    try:
        raw = yaml.load(text, Loader=_UniqueKeys)
    except yaml.YAMLError as error:
        raise PolicyError(f"{name}: {_yaml_place(error)}") from error
    try:
        loaded: Shape = TypeAdapter(shape).validate_python(raw)
    except ValidationError as error:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        raise PolicyError(_sentences(name, root, error)) from error
    return loaded


def version(*names: str, folder: Path = FOLDER) -> str:
    """Content version of the named files, or of all policy data: 12 hex digits of SHA-256."""
    files = [folder / name for name in names] if names else list(_data_files(folder))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _data_files(folder: Path) -> Iterator[Path]:
    yield from sorted(p for p in folder.rglob("*") if p.suffix in {".yaml", ".json"})


def _yaml_place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return f"line {mark.line + 1}: {problem}" if mark else problem


def _sentences(name: str, root: yaml.Node | None, error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        where = [_as_written(part) for part in problem["loc"]]
        path = ".".join(str(part) for part in where)
        lines.append(f"{name}: line {_line(root, where)}: {path}: {problem['msg']}")
    return "\n".join(lines)


def _as_written(part: int | str) -> int | str:
    """A date key comes back as Python's repr; turn it into what stands in the file."""
    found = re.fullmatch(r"datetime\.date\((\d+), (\d+), (\d+)\)", str(part))
    return "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else part


def _line(node: yaml.Node | None, path: Sequence[Any]) -> int:
    """Line (1-based) of the deepest node on `path`; parts the file does not have are skipped."""
    line = 1
    for part in path:
        found = _step(node, part)
        if found is None:
            continue
        line, node = found
    return line


def _step(node: yaml.Node | None, part: Any) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None
