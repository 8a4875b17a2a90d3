"""Sealing everything again with the newest key: in batches, each whole; stopped at any moment, it goes on when called again.

The blind indexes keep their own key: changing it would need every number in the clear at once, and buys nothing when a
sealing key has leaked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import pgtrigger
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction

from hutong.kernel import ciphers, events

BATCH = 2000
FACTOR_SECRETS = {"secret", "seed"}
# What each sealed column was sealed for (the purpose is bound into the value). A test finds every column of these names.
PURPOSES = {
    "id_sealed": "id_number", "phone_sealed": "phone", "fields_sealed": "delivery", "raw_sealed": "delivery",
    "body_sealed": "delivery", "data_sealed": "blob", "reporter_sealed": "reporter",
}  # fmt: skip
_KEYS = UUID(int=0)  # the keys of an installation are one thing
Told = Callable[[str, int], None]


def columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every sealed column, those of the histories too."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.column.endswith("_sealed"):
                yield model, field.column


def reseal(*, at: datetime, told: Told = lambda table, rows: None) -> int:
    """Seal again what an older key sealed. Returns how many values; raises ciphers.Unsealable before its batch is written."""
    total = _factors()
    for model, column in columns():
        while rows := _batch(model, column):
            total += rows
            told(f"{model._meta.db_table}.{column}", total)
    if total:
        events.record(
            kind="kernel.keys.resealed", subject=("kernel.keys", _KEYS), division=0, by=None, at=at,
            data={"key": ciphers.current_key(), "values": total},
        )  # fmt: skip
    return total


def in_use() -> dict[int, int]:
    """How many values each key still opens."""
    found: dict[int, int] = {}
    with connection.cursor() as cursor:
        for model, column in columns():
            cursor.execute(
                f"select get_byte({column}, 0), count(*) from {model._meta.db_table} where {column} is not null group by 1"
            )
            for key, count in cursor.fetchall():
                found[key] = found.get(key, 0) + count
    return found


@transaction.atomic
def _batch(model: type[models.Model], column: str) -> int:
    table, pk = model._meta.db_table, model._meta.pk
    purpose, newest = PURPOSES[column], ciphers.current_key()
    with connection.cursor() as cursor, pgtrigger.ignore():  # sealing again changes nothing worth a line of history
        cursor.execute(
            f"select {pk.column}, {column} from {table} where get_byte({column}, 0) <> %s limit %s for update skip locked",
            [newest, BATCH],
        )
        rows = [
            (key, ciphers.seal_bytes(ciphers.unseal_bytes(sealed, purpose), purpose))
            for key, sealed in cursor.fetchall()
        ]
        kind = "bigint" if isinstance(pk, models.BigAutoField | models.AutoField) else pk.db_type(connection)
        cursor.execute(
            f"update {table} t set {column} = v.sealed from unnest(%s::{kind}[], %s::bytea[]) v(key, sealed)"
            f" where t.{pk.column} = v.key",
            [[key for key, _ in rows], [sealed for _, sealed in rows]],
        )
    return len(rows)


@transaction.atomic
def _factors() -> int:
    """Secrets of second factors lie as hexadecimal text inside allauth's JSON."""
    changed = 0
    for row in Authenticator.objects.select_for_update():
        old = {name: text for name, text in row.data.items() if name in FACTOR_SECRETS}
        if stale := {
            n: text for n, text in old.items() if ciphers.key_of(bytes.fromhex(text)) != ciphers.current_key()
        }:
            adapter = get_adapter()
            row.data = {**row.data, **{name: adapter.encrypt(adapter.decrypt(text)) for name, text in stale.items()}}
            row.save(update_fields=["data"])
            changed += len(stale)
    return changed
