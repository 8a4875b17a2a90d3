"""Jobs left behind by a worker that was killed are begun again; every job of the house may be repeated."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="kernel.revive", queueing_lock="kernel.revive", pass_context=False)
async def revive(timestamp: int) -> None:
    """Put back into the queue what belongs to workers that have been silent for procrastinate's half minute."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)
