"""How posts are put into words, and small look-ups the pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.utils.translation import get_language

from hutong.desk.request import Request
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope
from hutong.places.codes import county, level, subtree, town
from hutong.places.models import Division, Organisation
from hutong.policy.access import ROLES
from hutong.staff.models import Post, User
from hutong.staff.queries import within


def role_name(role: str) -> str:
    """A role in the page's language."""
    if role not in ROLES:
        return role
    return ROLES[role].zh if (get_language() or "zh").startswith("zh") else ROLES[role].en


def roles(keys: Iterable[str]) -> list[tuple[str, str]]:
    """Choices, in the order of the access table."""
    wanted = set(keys)
    return [(key, role_name(key)) for key in ROLES if key in wanted]


def filters_of(request: Request) -> dict[str, Any]:
    """Filters of the address; what makes no sense is left out."""
    text = request.GET.get("town", "")
    code = int(text) if text.isascii() and text.isdigit() and len(text) == 12 else 0
    return {
        "role": role if (role := request.GET.get("role", "")) in ROLES else "",
        "under": subtree(code) if code else None,
        "name": request.GET.get("name", "").replace("\x00", "").strip()[:30],
        "ended": request.GET.get("ended") == "1",
    }


def towns(scope: Scope) -> list[tuple[int, str]]:
    """Towns of the area (counties for a city), for the filter."""
    below = Division.Level.TOWN if all(level(low) > 2 for low, _ in scope.area) else Division.Level.COUNTY
    rows = Division.objects.filter(within(scope.area, "code"), level=below, valid_to=None).order_by("code")
    return list(rows.values_list("code", "name"))


def counties(scope: Scope) -> dict[int, str]:
    """Counties to choose from, by code: none for whoever sits in one."""
    return {} if all(level(low) > 2 for low, _ in scope.area) else dict(towns(scope))


def offices(scope: Scope) -> list[tuple[str, str]]:
    """The departments of the reader's city to choose from: none for whoever sits in a county."""
    at = [low for low, _ in scope.area if level(low) == Division.Level.CITY]
    rows = Organisation.objects.filter(division__in=at, kind=Organisation.Kind.DEPARTMENT, valid_to=None)
    return [(str(pk), name) for pk, name in rows.order_by("department").values_list("pk", "name")] if at else []


def county_of(scope: Scope) -> Callable[[int], str]:
    """The name of a division's county, where the reader's area has several."""
    names = counties(scope)
    return lambda code: names.get(county(code), "")


def places(codes: Iterable[int]) -> dict[int, str]:
    """Place names: village with its town, town with its county."""
    wanted = set(codes)
    above = {c: (town(c) if level(c) == 5 else county(c)) for c in wanted if level(c) > 3}
    names = dict(Division.objects.filter(code__in=wanted | set(above.values())).values_list("code", "short_name"))
    return {
        c: f"{names.get(above[c], '')} {names.get(c, '')}".strip() if c in above else names.get(c, "") for c in wanted
    }


def explain(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal beside its field, or on top."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def drop_factors(user: User) -> None:
    """A person who lost the phone has lost the second factor: it goes with the old password."""
    Authenticator.objects.filter(user=user).delete()


@dataclass(frozen=True)
class Slip:
    """What is printed."""

    name: str
    place: str
    role: str
    phone: str
    code: str
    until: datetime


def slips(coded: list[tuple[Post, str]]) -> list[Slip]:
    """Slips ready to print, in the order given."""
    names = places(post.division for post, _ in coded)
    return [
        Slip(
            post.user.name,
            names[post.division],
            role_name(post.role),
            post.user.username,
            code,
            post.user.slip_expires_at,
        )
        for post, code in coded
        if post.user.slip_expires_at
    ]
