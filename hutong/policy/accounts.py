"""Accounts as data: slips, who makes whose post, headings of staff lists. Owns the numbers and words; staff acts on them."""

from __future__ import annotations

from pydantic import model_validator

from hutong.policy.access import ROLES
from hutong.policy.loader import Dated, Strict, read


class Accounts(Strict):
    """The whole of accounts.yaml; roles that do not exist are refused."""

    slip_days: Dated[int]
    slip_length: Dated[int]
    manages: dict[str, frozenset[str]]
    resets: dict[str, frozenset[str]]
    columns: dict[str, tuple[str, ...]]
    role_words: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _roles_exist(self) -> Accounts:
        named = {*self.manages, *self.resets, *self.role_words}.union(*self.manages.values(), *self.resets.values())
        if unknown := sorted(named - set(ROLES)):
            raise ValueError(f"unknown role {', '.join(unknown)}")
        return self


ACCOUNTS: Accounts = read("accounts.yaml", Accounts)


def managed_by(roles: frozenset[str]) -> frozenset[str]:
    """The roles whose posts the holder of `roles` may fill and end."""
    return frozenset[str]().union(*(ACCOUNTS.manages.get(role, frozenset()) for role in roles))


def reset_by(roles: frozenset[str]) -> frozenset[str]:
    """The roles whose accounts the holder of `roles` may reset."""
    return frozenset[str]().union(*(ACCOUNTS.resets.get(role, frozenset()) for role in roles))


def role_of(word: str) -> str | None:
    """The role a word of a staff list means, or None."""
    for key, role in ROLES.items():
        if word in {role.zh, *ACCOUNTS.role_words.get(key, ())}:
            return key
    return None
