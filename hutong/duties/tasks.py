"""The nightly run, as a job."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hutong.duties import operations
from hutong.kernel import seals
from hutong.kernel.clock import day, now


@app.periodic(cron="10 18 * * *")  # 02:10 in China
@app.task(name="duties.nightly", queueing_lock="duties.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Lay out what is owed today, let what has passed be missed, and seal yesterday's records."""
    at = now()
    operations.run(on=day(at), at=at)
    seals.seal(at=at)
