"""Row security of the room's tables. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import Follow, Protect


class Migration(migrations.Migration):
    """See docs/access.md."""

    dependencies = [("duties", "0001_initial"), ("people", "0002_row_security")]

    operations = [
        Follow("duties_duty", "file_id", "people_file"),
        Protect("duties_duty", organisation="organisation", subject="file_id", domain="care"),
    ]
