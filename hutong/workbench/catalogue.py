"""The English words of the pages: msgids are Chinese and come from the source; translations stand in hutong/locale/en.

Owns extraction and the check that nothing is missing. Compiled catalogues are made at set-up and never kept in the source.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from hutong.discovery.pipelines.rules import rules
from hutong.policy.census import CENSUS
from hutong.policy.feeds import feeds

ROOT = Path(__file__).resolve().parents[1]
PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "Sentence": None,
}
_NAMES = re.compile(r"%\((\w+)\)[sd]")


def sources() -> Iterator[tuple[str, Path]]:
    """Every file that may hold msgids, with the way to read it."""
    yield from (("python", path) for path in sorted(ROOT.rglob("*.py")) if "migrations" not in path.parts)
    yield from (("jinja2.ext:babel_extract", path) for path in sorted(ROOT.glob("desk/*/templates/**/*.html")))


def found() -> Catalog:
    """All msgids of the source, each with the files it stands in (no line numbers: they change too often)."""
    catalog = Catalog(domain="django", locale="en")
    for method, path in sources():
        options = {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"} if "jinja2" in method else {}
        rows = extract(method, BytesIO(path.read_bytes()), keywords=_KEYWORDS, options=options)
        for _line, message, _comments, context in rows:
            where = (path.relative_to(ROOT.parent).as_posix(), None)
            catalog.add(message, locations=[where], context=context)  # type: ignore[list-item]
    for sentence, path in refusals():
        catalog.add(sentence, locations=[(path.relative_to(ROOT.parent).as_posix(), None)])  # type: ignore[list-item]
    for text, path in policy():
        catalog.add(text, locations=[(path.relative_to(ROOT.parent).as_posix(), None)])  # type: ignore[list-item]
    return catalog


def policy() -> Iterator[tuple[str, Path]]:
    """Texts of the policy's data that pages and sentences show: of feeds, their columns, whom a rule looks for, what a column asks."""
    for feed in feeds().values():
        path = ROOT / "policy" / "feeds" / f"{feed.id}.yaml"
        texts = (feed.zh, feed.department, feed.purpose, feed.covers_zh, feed.legal_basis.zh)
        yield from ((text, path) for text in (*texts, *(field.title for field in feed.fields)))
    for rule in rules():
        yield rule.head.concerns, ROOT / "discovery" / "rules" / f"{rule.head.id}.sql"
    yield from ((word, ROOT / "policy" / "census.yaml") for word in CENSUS.categories.asked.of)


def refusals() -> Iterator[tuple[str, Path]]:
    """Every sentence that a refusal may show on a page, with its file: constants, also by the name of a module's constant."""
    trees = {path: ast.parse(path.read_text()) for path in sorted(ROOT.rglob("*.py")) if not _said_elsewhere(path)}
    names = _refusing(trees.values())
    for path, tree in trees.items():
        constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in _refused(tree, names):
            for said in _alternatives(call.args[0], constants):
                if isinstance(said, ast.JoinedStr):
                    raise ValueError(f"{path}:{call.lineno}: a refusal with an f-string has no English: use values=")
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield said.value, path


def _said_elsewhere(path: Path) -> bool:
    """Programs of the command line speak Chinese only."""
    where = path.relative_to(ROOT).as_posix()
    return where.startswith(("config/", "workbench/", "discovery/pipelines/", "exchange/command")) or (
        "/management/" in where or "/migrations/" in where
    )


def _refusing(trees: Iterable[ast.Module]) -> set[str]:
    """Names of all classes of refusals."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    names: set[str] = {"Refusal", "Denied"}
    for _depth in range(4):
        names |= {
            row.name for row in classes if any(isinstance(base, ast.Name) and base.id in names for base in row.bases)
        }
    return names


def _refused(tree: ast.Module, names: set[str]) -> Iterator[ast.Call]:
    """Calls that make a refusal, and what a refusal's own class says of itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in names - {"Refusal"}:
            yield from (call for call in ast.walk(node) if isinstance(call, ast.Call) and call.args and _is_super(call))
        elif isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in names:
                yield node


def _alternatives(said: ast.expr, constants: dict[str, ast.expr]) -> list[ast.expr]:
    if isinstance(said, ast.IfExp):
        return [said.body, said.orelse]
    return [constants.get(said.id, said) if isinstance(said, ast.Name) else said]


def _is_super(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "__init__"


def kept() -> Catalog:
    """The translations in the source."""
    if not PO.exists():
        return Catalog(domain="django", locale="en")
    with PO.open("rb") as file:
        return read_po(file, locale="en", domain="django")


def update() -> Catalog:
    """The kept catalogue with new msgids added and lost ones dropped, written back."""
    catalog = kept()
    catalog.update(found(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = (
        "# English words of the pages; msgids are the Chinese of the source. Kept by `hutong words`."
    )
    catalog.project, catalog.fuzzy, catalog.last_translator = "hutong", False, "the Hutong authors"
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False)
    return catalog


def compile_words() -> Path:
    """Write the catalogue Django reads, beside the translations."""
    target = PO.with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, kept())
    return target


def faults(catalog: Catalog | None = None) -> list[str]:
    """What is untranslated, left in Chinese, or has lost a name of its sentence."""
    known = {_id(message): message for message in (kept() if catalog is None else catalog) if message.id}
    return [fault for message in found() if message.id and (fault := _fault(message, known.get(_id(message))))]


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _fault(message: Message, translated: Message | None) -> str | None:
    texts = (translated.string if translated else "") or ""
    words = [texts] if isinstance(texts, str) else list(texts)
    if not words or not all(words):
        return f"not translated: {_id(message)}"
    if any(re.search(r"[\u4e00-\u9fff]", re.sub(r"护童|简体中文", "", word)) for word in words):
        return f"still Chinese: {_id(message)}"
    if any(set(_NAMES.findall(word)) - set(_NAMES.findall(_id(message))) for word in words):
        return f"unknown name in the translation: {_id(message)}"
    return None
