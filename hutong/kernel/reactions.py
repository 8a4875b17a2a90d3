"""The synchronous seam upward: rooms above register what must happen after an operation on a subject.

Callables run inside the operation's transaction, so that a visit settles its duty before the answer is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

Reaction = Callable[..., None]
_REGISTRY: dict[str, list[Reaction]] = defaultdict(list)


def on(subject: str, reaction: Reaction) -> None:
    """Run `reaction(id, by=, at=)` after each operation on this kind of subject. Called from `AppConfig.ready`."""
    if reaction not in _REGISTRY[subject]:
        _REGISTRY[subject].append(reaction)


def react(subject: str, identifier: UUID | list[UUID], *, by: Any, at: datetime) -> None:
    """Tell the rooms above that a subject has changed. `by` is the acting user (staff.User).

    A plural subject ("people.files") takes a list: what a bulk operation changed at once.
    """
    for reaction in _REGISTRY[subject]:
        reaction(identifier, by=by, at=at)
