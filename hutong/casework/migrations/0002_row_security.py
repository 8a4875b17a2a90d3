"""Row security of reports. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import PLACE, Follow, Protect, ProtectHistory


class Migration(migrations.Migration):
    """Whoever works in the place may report; only who reads cases there reads reports."""

    dependencies = [("casework", "0001_initial"), ("people", "0002_row_security")]

    operations = [
        Follow("casework_report", "file_id", "people_file"),
        Protect("casework_report", subject="file_id", domain="case", insert=PLACE.format("division")),
        ProtectHistory("casework_reportevent", domain="case"),
    ]
