"""Restricted files close the room's rows too. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import Shut


class Migration(migrations.Migration):
    """Over and above the policies of place and domain."""

    dependencies = [("wellbeing", "0002_row_security"), ("kernel", "0005_shut")]

    operations = [
        *[
            Shut(f"wellbeing_{name}", "file_id")
            for name in ("visit", "answer", "attempt", "contact", "flag", "agreement", "photo")
        ],
        Shut("wellbeing_agreementevent", "file_id", reading=True),
    ]
