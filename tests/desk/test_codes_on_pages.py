"""No page shows a code where words belong: every address that a link leads to is opened and its visible text read."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from hutong.duties import operations as duties
from hutong.kernel.clock import now, today
from hutong.people import categories, restrictions
from hutong.staff.models import User
from tests import make

pytestmark = pytest.mark.django_db
# Abbreviations that are words, and file numbers; everything else in capitals is a code that slipped through.
KNOWN = {"DEMO", "JSON", "XLSX", "HTTP", "HTML", "TOTP"}
_CODE = re.compile(
    r"(?<![A-Za-z0-9_/-])[A-Z][A-Z_]{3,}(?![A-Za-z0-9_])|\b[a-z]+(?:_[a-z]+)+\b|\b(?:people|wellbeing|casework|duties)\.[a-z_.]+"
)
# The plan's pages name obligations and indicators as the plan does; downloads are not pages.
_SKIP = re.compile(r"^/(account/logout|field|static|ui)|\.(csv|xlsx)|/table/|format=json|[?&](page|after|keys)=")


class _Page(HTMLParser):
    """Visible text and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Scripts and styles are not seen."""
        told = dict(attrs)
        self._hidden += tag in {"script", "style", "template", "code"}
        if tag == "a" and told.get("href"):
            self.links.append(told["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        """The other half."""
        self._hidden -= tag in {"script", "style", "template", "code"}

    def handle_data(self, data: str) -> None:
        """What is read."""
        if not self._hidden:
            self.text.append(data)


def _walk(client: Client, start: list[str], most: int) -> dict[str, set[str]]:
    """Codes by the address they stand on; one address of each shape is enough."""
    seen: set[str] = set()
    wrong: dict[str, set[str]] = {}
    queue = list(start)
    while queue and len(seen) < most:
        path = queue.pop(0)
        shape = re.sub(r"[0-9a-f-]{36}|\d{6,}", "*", path)
        if shape in seen or not path.startswith("/") or _SKIP.search(path):
            continue
        seen.add(shape)
        response = client.get(path, follow=True)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = _Page()
        page.feed(response.content.decode())
        found = set(_CODE.findall(" ".join(page.text))) - KNOWN
        if found:
            wrong[path] = found
        queue += [link.split("#")[0] for link in page.links]
    assert len(seen) > 12, sorted(seen)
    return wrong


@pytest.fixture
def county() -> dict[str, User]:
    """A file with a bit of everything, one more proposed, one restricted."""
    zhou, qin, lin, wu = make.zhou(), make.qin(), make.lin(), make.wu()
    with make.as_(zhou):
        file = make.file(zhou)
        make.parents_away(file, zhou)
        second = make.file(zhou, name="李小开")
        make.parents_away(second, zhou)
    make.left_behind(file, zhou, qin)
    with make.as_(zhou):
        for kind, basis in (("LEFT_BEHIND", "BOTH_AWAY"), ("IN_DIFFICULTY", "D1+D2"), ("ORPHAN", "census")):
            categories.propose_category(file=second, kind=kind, basis=basis, start=today(), by=zhou, at=now())
        restrictions.restrict(file=second, because="受侵害个案", readers=[qin, lin], by=zhou, at=now())
    duties.run(on=today(), at=now())
    return {"officer": qin, "director": lin, "supervisor": wu, "dpo": make.user("dpo", 371726000000)}


@pytest.mark.parametrize(
    ("role", "language"),
    [("officer", "zh-hans"), ("director", "zh-hans"), ("supervisor", "zh-hans"), ("dpo", "zh-hans"), ("officer", "en")],
)
def test_no_page_shows_a_code(county: dict[str, User], role: str, language: str) -> None:
    client = Client()
    client.force_login(county[role], backend="django.contrib.auth.backends.ModelBackend")
    client.post("/account/language/", {"language": language})
    assert _walk(client, ["/", "/proposals/", "/children/", "/looks/", "/plan/", "/help/"], 90) == {}


def test_a_code_would_be_noticed() -> None:
    page = _Page()
    page.feed("<p>依据 BOTH_AWAY</p><script>NOT_THIS</script><td>away_work</td>")
    assert set(_CODE.findall(" ".join(page.text))) == {"BOTH_AWAY", "away_work"}
