"""What a view is handed once the middleware has been: a request that knows who asks and with what rights."""

from __future__ import annotations

from django.http import HttpRequest

from hutong.kernel.scope import Scope
from hutong.staff.models import User


class Request(HttpRequest):
    """A request of somebody signed in. Only for types: Django makes the request, desk.middleware adds the scope."""

    scope: Scope
    user: User
