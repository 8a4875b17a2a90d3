"""State machines are dicts: `{state: {next, next}}`. This module only checks a step."""

from __future__ import annotations

from collections.abc import Mapping

from hutong.kernel.refusals import Refusal


class WrongStep(Refusal):
    """The thing is in a state from which this step does not exist."""

    code = "wrong_step"


def check(transitions: Mapping[str, frozenset[str] | set[str]], old: str, new: str) -> None:
    """Raise WrongStep unless `new` may follow `old`."""
    if new not in transitions.get(old, frozenset()):
        raise WrongStep(
            "现在的状态不能这样办理（%(old)s → %(new)s），可能别人刚刚办过。请刷新页面再看。",
            values={"old": old, "new": new},
        )
