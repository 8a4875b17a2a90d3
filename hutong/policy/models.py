"""The one table of policy: which version of the packaged data a database has seen, and when."""

from __future__ import annotations

from django.db import models


class Version(models.Model):
    """A loaded version of the policy data, by its content hash."""

    digest = models.CharField(max_length=64, primary_key=True)
    loaded_at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.digest[:12]
