"""Row security of city files: of the office that sent them, within the feed's own data domain. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import Protect


class Migration(migrations.Migration):
    """A bureau sees what it sent itself. Rows of no county are deleted with their file."""

    dependencies = [("exchange", "0010_city_files")]

    operations = [
        Protect("exchange_citydelivery", organisation="organisation_id", domain_column="domain"),
        Protect("exchange_cityrow", organisation="organisation_id", domain_column="domain", delete=True),
    ]
