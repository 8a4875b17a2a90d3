"""How long a notice is news, as data. Owns the numbers; gateway.notices tells."""

from __future__ import annotations

from hutong.policy.loader import Dated, Strict, read


class Notices(Strict):
    """The numbers of the file."""

    digest_days: Dated[int]
    urgent_minutes: Dated[int]


NOTICES: Notices = read("notices.yaml", Notices)
