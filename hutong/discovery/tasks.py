"""Jobs of the room: three lines each, the operations do the work."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from hutong.discovery import runs
from hutong.discovery.models import Run
from hutong.kernel.clock import now


@app.task(name="discovery.look", lock="discovery.look")
def look(*, run: str) -> None:
    """Search a county's registers; started again after a stop, it begins anew."""
    runs.carry_out(UUID(run), clock=now)


def look_later(run: Run) -> None:
    """Leave it to the worker, in the transaction that asked for it."""
    if run.state == Run.State.ASKED:
        look.defer(run=str(run.pk))
