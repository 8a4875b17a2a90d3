"""Jobs of the room: three lines each, the operations do the work."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from hutong.gateway import notices
from hutong.gateway.channels import Unsent
from hutong.kernel.clock import now

TRIES = 6  # at once, then after about half a minute, 1, 2, 5 and 17 minutes


@app.periodic(cron="30 0 * * *")  # 08:30 in China
@app.task(name="gateway.digest", queueing_lock="gateway.digest", pass_context=False)
def digest(timestamp: int) -> None:
    """One line a person a day."""
    _send_later(notices.digest(now()) if notices.on() else [])


@app.periodic(cron="*/2 * * * *")
@app.task(name="gateway.urgent", queueing_lock="gateway.urgent", pass_context=False)
def urgent(timestamp: int) -> None:
    """Urgent notices without waiting for the morning."""
    _send_later(notices.urgent(now()) if notices.on() else [])


@app.task(
    name="gateway.send",
    pass_context=True,
    retry=RetryStrategy(max_attempts=TRIES - 1, wait=30, exponential_wait=4, retry_exceptions={Unsent}),
)
def send(context: JobContext, *, message: str, user: str) -> None:
    """Hand one line to its channel."""
    tried = context.job.attempts + 1 if context.job else TRIES
    notices.deliver(UUID(message), user=UUID(user), at=now(), last=tried >= TRIES)


def _send_later(lines: list[tuple[UUID, UUID]]) -> None:
    for message, user in lines:
        later = send.configure(queueing_lock=f"gateway.send:{message}", lock=f"gateway.send:{message}")
        with suppress(AlreadyEnqueued):
            later.defer(message=str(message), user=str(user))
