"""Row security of the room's tables. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import Follow, Protect, ProtectHistory


class Migration(migrations.Migration):
    """Rows of a file follow it; answers and flags are opened by their own data domain."""

    dependencies = [("wellbeing", "0001_initial"), ("people", "0002_row_security")]

    operations = [
        *[
            Follow(f"wellbeing_{name}", "file_id", "people_file")
            for name in ("visit", "answer", "attempt", "contact", "flag", "agreement", "photo")
        ],
        Protect("wellbeing_visit", subject="file_id", domain="care", change=False),
        Protect("wellbeing_answer", subject="file_id", domain_column="domain", change=False),
        Protect("wellbeing_attempt", subject="file_id", domain="care", change=False),
        Protect("wellbeing_contact", subject="file_id", domain="care", change=False),
        Protect("wellbeing_flag", subject="file_id", domain_column="domain"),
        Protect("wellbeing_agreement", subject="file_id", domain="care"),
        Protect("wellbeing_photo", subject="file_id", domain="care", change=False),
        ProtectHistory("wellbeing_agreementevent", domain="care"),
    ]
