"""A picture meets its visit: whichever comes first waits for the other."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from hutong.exchange.field import blobs
from hutong.exchange.field.kind import Context
from hutong.exchange.models import Blob
from hutong.wellbeing.models import Visit


def expect(named: Iterable[tuple[UUID, str]], *, visit: Visit, context: Context) -> None:
    """Note that a visit names these pictures. One that is somebody else's is simply never joined."""
    for identifier, role in named:
        Blob.objects.bulk_create(
            [Blob(id=identifier, user=context.by, device=context.device, division=visit.division, made_at=context.at)],
            ignore_conflicts=True,
        )
        mine = Blob.objects.filter(pk=identifier, user=context.by, visit_id=None)
        mine.update(visit_id=visit.pk, role=role)
        ready = Blob.objects.filter(pk=identifier, user=context.by, visit_id=visit.pk, joined_at=None)
        if row := ready.exclude(whole_at=None).first():
            blobs.wake(row)
