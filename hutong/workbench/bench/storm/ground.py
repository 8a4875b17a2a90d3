"""The ground of the storm, in a database of its own: directors with a village, children, a phone and a session each."""

from __future__ import annotations

import io
import json
import random
import sys
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

CHILDREN = 8
PHOTOS = 2
SIZE = (1280, 960)  # as the phone shrinks them


def lay(phones: int, folder: Path) -> None:
    """Make them, lay out what is owed, and write what the load needs into `folder`/phones.json and photo.jpg."""
    from hutong.duties import operations
    from hutong.kernel.clock import day, now
    from hutong.places import operations as places
    from hutong.places.models import Division

    at = now()
    places.load_committees()
    villages = Division.objects.filter(level=Division.Level.VILLAGE, valid_to=None).order_by("code")
    codes = list(villages.values_list("code", flat=True)[:phones])
    if len(codes) < phones:
        raise RuntimeError(f"{len(codes)} villages for {phones} phones")
    made = list(_villages(codes, at))
    operations.run(on=day(at), at=at)
    (folder / "phones.json").write_text(json.dumps({"on": day(at).isoformat(), "phones": made}))
    (folder / "photo.jpg").write_bytes(photo())


def _villages(codes: list[int], at: datetime) -> Iterable[dict[str, Any]]:
    from hutong.kernel.ids import uuid7
    from hutong.people.models import File, Person
    from hutong.staff.models import Device, Post, User

    rows: dict[Any, list[Any]] = {User: [], Post: [], Device: [], Person: [], File: []}
    told = []
    for number, code in enumerate(codes):
        user = User(
            id=uuid7(), username=f"storm{number}", name="合成主任", created_at=at, synthetic=True, password="!storm"
        )
        device = Device(id=uuid4(), user=user, division=code, name="bench", store="browser", registered_at=at)
        rows[User].append(user)
        rows[Device].append(device)
        rows[Post].append(Post(user=user, role="director", division=code, start=date(2025, 1, 1)))
        children = [_child(code, f"{number:05}{each}", user, at) for each in range(CHILDREN)]
        rows[Person] += [file.child for file in children]
        rows[File] += children
        told.append({"device": str(device.pk), "children": [str(file.pk) for file in children], "user": user})
    for model in (User, Post, Device, Person, File):
        model.objects.bulk_create(rows[model], batch_size=2000)
    for one in told:
        yield {**one, "user": None, "session": _session(one["user"])}


def _child(code: int, number: str, director: Any, at: datetime) -> Any:
    from hutong.kernel.ids import uuid7
    from hutong.people.models import File, Person

    child = Person(id=uuid7(), division=code, name="合成童", sex="1", birth_date=date(2016, 5, 4), created_at=at, synthetic=True)  # fmt: skip
    return File(
        id=uuid7(), number=f"S{number}", child=child, division=code, opened_on=(at - timedelta(days=60)).date(),
        director=director, synthetic=True,
    )  # fmt: skip


def _session(user: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from hutong.staff.sessions import SessionStore

    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def photo() -> bytes:
    """A picture with as much in it as a photograph of a room has: about 150 kB."""
    from PIL import Image

    rng = random.Random(1)
    small = Image.frombytes("RGB", (160, 120), rng.randbytes(160 * 120 * 3))
    out = io.BytesIO()
    small.resize(SIZE, Image.Resampling.BICUBIC).save(out, "JPEG", quality=55)
    return out.getvalue()


if __name__ == "__main__":
    import django

    django.setup()
    lay(int(sys.argv[1]), Path(sys.argv[2]))
