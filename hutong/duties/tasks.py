"""The nightly run, as a job."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hutong.duties import ladder, operations
from hutong.kernel import seals
from hutong.kernel.clock import day, now


@app.periodic(cron="10 18 * * *")  # 02:10 in China
@app.task(name="duties.nightly", queueing_lock="duties.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Lay out what is owed today, let what has passed be missed, tell whoever stands above, and seal yesterday's records."""
    at = now()
    operations.run(on=day(at), at=at)
    ladder.escalate(on=day(at), at=at)
    seals.seal(at=at)
