"""Row security of leads. A restricted lead is opened by a grant to itself alone. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import Protect, ProtectHistory


class Migration(migrations.Migration):
    """By division and data domain; nobody at the desk may add a lead, or change what was decided."""

    dependencies = [("discovery", "0001_initial"), ("people", "0002_row_security")]

    operations = [
        Protect("discovery_lead", subject="id", domain_column="domain", restricted=True, insert="false"),
        Protect("discovery_leaddecision", subject="lead_id", domain_column="domain", restricted=True, change=False),
        ProtectHistory("discovery_leadevent", subject="id", domain_column="domain", restricted=True),
    ]
