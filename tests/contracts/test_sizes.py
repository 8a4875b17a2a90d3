"""What the linters cannot say about the shape of the code: sizes, names of modules, one docstring a package."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 400
LONGEST_TEST_MODULE = 500
LONGEST_FUNCTION = 40
DRAWERS = {"utils", "helpers", "services.py", "managers", "signals", "constants", "exceptions", "common", "misc"}


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def length(path: Path) -> int:
    return len(path.read_text().splitlines())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_is_longer_than_400_lines() -> None:
    assert {name(path): length(path) for path in modules("hutong", "benchmarks") if length(path) > LONGEST_MODULE} == {}


def test_no_test_module_is_longer_than_500_lines() -> None:
    assert {name(path): length(path) for path in modules("tests") if length(path) > LONGEST_TEST_MODULE} == {}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with the lines of its body, without its signature and docstring."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body:
                yield f"{name(path)}:{node.name}", (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_no_function_is_longer_than_40_lines() -> None:
    assert {
        where: lines for path in modules("hutong") for where, lines in functions(path) if lines > LONGEST_FUNCTION
    } == {}


def test_no_module_is_a_drawer() -> None:
    assert [name(path) for path in modules("hutong") if path.stem in DRAWERS or path.name in DRAWERS] == []


def test_every_package_says_what_it_owns() -> None:
    rooms = (ROOT / "hutong").glob("*/__init__.py")
    assert [name(path) for path in rooms if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_every_template_is_short_enough_to_read() -> None:
    templates = (ROOT / "hutong").rglob("*.html")
    assert {name(path): length(path) for path in templates if length(path) > 200} == {}
