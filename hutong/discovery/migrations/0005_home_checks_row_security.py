"""Row security of looks at home: by place and the domain of care, for a director too. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import Protect, ProtectHistory, Shut


class Migration(migrations.Migration):
    """A restricted lead has no look at home; one whose child's file is restricted later closes with the file."""

    dependencies = [("discovery", "0004_home_checks"), ("kernel", "0005_shut")]

    operations = [
        Protect("discovery_homecheck", subject="lead_id", domain="care"),
        ProtectHistory("discovery_homecheckevent", subject="lead_id", domain="care"),
        Shut("discovery_homecheck", "file_id"),
        Shut("discovery_homecheckevent", "file_id", reading=True),
    ]
