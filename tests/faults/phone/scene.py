"""Everything a schedule needs, set up once for many: two builds of the app, the server, the wire, a village and a phone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from hutong.people import files
from hutong.places import operations as places
from hutong.staff.models import User
from tests import make
from tests.faults.phone import stage, wire
from tests.faults.phone.play import Player
from tests.field.village import Handset, at, today

CHILDREN = 6


@contextmanager
def scene(chromium: Any, folder: Path) -> Iterator[Player]:
    """A player with all it plays on, put away afterwards."""
    builds = [stage.build(folder / version, version=version) for version in "AB"]
    children, lin = _village()
    server = stage.Server(folder)
    server.show(builds[0])
    line = wire.Wire(server)
    listening, site = wire.start(line)
    try:
        server.furnish()
        server.start()
        handset = Handset(chromium.browser_type, folder / "phone", site)
        player = Player(handset, line, server, children, _cookies(lin, site))
        player.builds = builds
        yield player
        handset.close()
    finally:
        listening.shutdown()
        listening.server_close()
        server.close()


def _village() -> tuple[list[str], User]:
    """A director with a few children, as the database of the tests was emptied."""
    places.load_divisions()
    places.load_committees()
    lin, zhou, wu = make.lin(), make.zhou(), make.wu()
    found, then = [], at(5)
    for number in range(CHILDREN):
        file = make.file(zhou, name=f"合成童{number}", born=date(2016, 5, 4), on=today(), at=then)
        files.assign_director(file=file, director=lin, by=wu, at=then)
        found.append(str(file.pk))
    return found, lin


def _cookies(user: User, site: str) -> list[dict[str, str]]:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return [
        {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": site}
    ]
