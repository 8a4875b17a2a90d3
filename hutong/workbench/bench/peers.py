"""The peers of the import benchmark: django-import-export on a plain table, and openpyxl with COPY.

Both do less than the product: no checks, no places, no sealing, no persons or duties: a row of text becomes a row of text.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl
from django.db import connection, models
from import_export import resources
from import_export.formats.base_formats import XLSX

from hutong.workbench.bench.watch import Watch
from hutong.workbench.bench.workbooks import HEADER

_FIELDS = (
    "seq",
    "town",
    "village",
    "name",
    "sex",
    "birth_date",
    "id_number",
    "guardian",
    "relation",
    "phone",
    "category",
    "note",
)
_TABLE = "bench_child"


class Child(models.Model):
    """A row of the workbook as it is."""

    seq = models.IntegerField()
    town = models.CharField(max_length=50)
    village = models.CharField(max_length=50)
    name = models.CharField(max_length=80)
    sex = models.CharField(max_length=1)
    birth_date = models.DateField()
    id_number = models.CharField(max_length=18, unique=True)
    guardian = models.CharField(max_length=80)
    relation = models.CharField(max_length=20)
    phone = models.CharField(max_length=20)
    category = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=40, blank=True)

    class Meta:
        app_label = "workbench"
        managed = False
        db_table = _TABLE

    def __str__(self) -> str:
        return self.name


class Plain(resources.ModelResource):
    """As its manual begins: rows found again by a natural key, everything else by default."""

    class Meta:
        model = Child
        fields = _FIELDS
        import_id_fields = ("id_number",)


class Bulk(resources.ModelResource):
    """Its fast way: no differences shown, written in batches."""

    class Meta:
        model = Child
        fields = _FIELDS
        import_id_fields = ("id_number",)
        use_bulk = True
        skip_diff = True
        force_init_instance = True


def django_import_export(path: Path, resource: type[resources.ModelResource]) -> dict[str, float]:
    """Seconds for the preview (read, then a dry run) and for the import that follows the user's yes."""
    _table()
    watch = Watch()
    data = XLSX().create_dataset(path.read_bytes())
    data.headers = _FIELDS
    resource().import_data(data, dry_run=True, raise_errors=True)
    watch.lap("check")
    resource().import_data(data, dry_run=False, raise_errors=True)
    watch.lap("apply")
    return watch.found


def openpyxl_copy(path: Path) -> dict[str, float]:
    """Seconds to read with openpyxl and write with one COPY."""
    _table()
    watch = Watch()
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    with connection.cursor() as cursor, cursor.copy(f"copy {_TABLE} ({', '.join(_FIELDS)}) from stdin") as copy:
        for row in sheet.iter_rows(min_row=2, max_col=len(HEADER), values_only=True):
            copy.write_row([cell if cell is not None else "" for cell in row])
    watch.lap("both")
    return watch.found


def _table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {_TABLE}")
    with connection.schema_editor() as editor:
        editor.create_model(Child)
