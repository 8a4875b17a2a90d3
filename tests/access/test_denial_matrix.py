"""No hole: every address × every role × inside and outside the area, reading and writing.

The rows come from the addresses themselves (each view names its right, `desk.access.needs`) and from policy/access.yaml;
a new page or a new role is tried the moment it exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from hutong.kernel.scope import Scope
from hutong.policy import access
from hutong.staff.access import can
from tests.access.world import HERE, THERE, World

# Addresses of libraries, protected by the libraries' own sign-in; they show no child.
_FOREIGN = ("account_", "mfa_", "socialaccount_")


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        else:
            yield f"{prefix}{entry.name}", entry


def _views() -> dict[str, URLPattern]:
    return {
        name: pattern
        for name, pattern in _patterns(get_resolver())
        if not name.split(":")[-1].startswith(_FOREIGN) and name.split(":")[0] not in {"None"}
    }


VIEWS = _views()


def test_every_page_names_its_right() -> None:
    silent = [name for name, pattern in VIEWS.items() if not hasattr(pattern.callback, "needs")]
    assert not silent, f"no right named: {silent}"


def test_every_right_that_a_page_names_exists() -> None:
    known = set(access.VERBS) | {"signed_in", "public"}
    wrong = {name: p.callback.needs for name, p in VIEWS.items() if p.callback.needs[0] not in known}
    assert not wrong


def _status(client: Client, method: str, url: str) -> int:
    with transaction.atomic():
        status = int(getattr(client, method)(url).status_code)
        transaction.set_rollback(True)
    return status


def _hole(world: World, client: Client, scope: Scope, name: str, method: str) -> str | None:
    """What is wrong with one cell of the matrix, if anything."""
    verb, domain = VIEWS[name].callback.needs  # type: ignore[attr-defined]
    here, there = world.url(name, VIEWS[name], HERE), world.url(name, VIEWS[name], THERE)
    inside, outside = _status(client, method, here), _status(client, method, there)
    if not (verb in {"signed_in", "public"} or can(scope, verb, domain=domain)):
        denied = {403, 405} if name.startswith("field:") else {403}  # the API knows each address by one method only
        return None if {inside, outside} <= denied else f"{name}: {inside}, {outside} instead of 403"
    if inside >= 500:
        return f"{name}: {inside} at home"
    if name.startswith(("posts:", "boards:")) and any(low <= THERE < high for low, high in scope.area):
        return None  # officials are no secret within a city; only children are
    if there != here and verb != "public" and outside not in {403, 404, 405}:
        return f"{name}: reached {there} outside its area: {outside}"
    return None


@pytest.mark.django_db
@pytest.mark.parametrize("role", access.ROLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_it_denies_what_the_table_of_rights_denies(world: World, role: str, method: str) -> None:
    client, scope = world.client(role), world.scope(role)
    holes = [hole for name in VIEWS if (hole := _hole(world, client, scope, name, method))]
    assert not holes, "\n".join(holes)


@pytest.mark.django_db
def test_nobody_passes_without_signing_in(world: World) -> None:
    for name, pattern in VIEWS.items():
        response: Any = Client().get(world.url(name, pattern, HERE))
        if name.startswith("field:") and pattern.callback.needs[0] != "public":  # type: ignore[attr-defined]
            assert response.status_code in {401, 405}, name  # a program asks: it gets a code, not a page
        elif pattern.callback.needs[0] != "public":  # type: ignore[attr-defined]
            assert response.status_code == 302 and "/account/login/" in response.headers["Location"], name
