"""Row security of events, accesses and attachments."""

from django.db import migrations

from hutong.kernel.rowsecurity import OWN, PLACE, Protect

OWN_NAME = "user_id is not distinct from (select hutong_user())"
LOOKS = f"{PLACE.format('division')} and 'looks' = any((select hutong_reads())::text[])"


class Migration(migrations.Migration):
    """Append-only tables: written in one's own name, read within one's area."""

    dependencies = [("kernel", "0001_initial")]

    operations = [
        Protect("kernel_event", subject="subject_id", domain_column="domain", insert=OWN_NAME, change=False),
        Protect(
            "kernel_access", division=None, own="user_id", also=f"({LOOKS})", insert=OWN.format("user_id"), change=False
        ),
        Protect(
            "kernel_attachment",
            subject="subject_id",
            own="user_id",
            domain_column="domain",
            insert=OWN_NAME,
            change=False,
        ),
    ]
