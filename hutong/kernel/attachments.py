"""Files kept outside public folders, by their content: written once, never served but through a checked view.

Owns the bytes and the Attachment row. Does not check what the bytes are: the room that takes them does.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from hutong.kernel.ids import uuid7
from hutong.kernel.models import Attachment


def keep(
    content: bytes,
    *,
    kind: str,
    name: str,
    media_type: str,
    subject: tuple[str, UUID | None],
    division: int,
    domain: str,
    by: UUID | None,
    at: datetime,
) -> Attachment:
    """Write the bytes under their SHA-256 and note them. The same bytes twice are one file and two rows."""
    digest = hashlib.sha256(content).hexdigest()
    path = f"{digest[:2]}/{digest}"
    _write(Path(settings.ATTACHMENTS) / path, content)
    return Attachment.objects.create(
        id=uuid7(), kind=kind, name=Path(name).name[:255], media_type=media_type, size=len(content), sha256=digest,
        path=path, subject_kind=subject[0], subject_id=subject[1], division=division, domain=domain, user_id=by, at=at,
    )  # fmt: skip


def content(attachment: Attachment) -> bytes:
    """The bytes. Raises FileNotFoundError when the folder has lost them."""
    return (Path(settings.ATTACHMENTS) / attachment.path).read_bytes()


def _write(path: Path, data: bytes) -> None:
    """All or nothing, also when the machine stops in between; readable by the server alone."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{uuid7()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
