"""Grants: named by an officer or taken in an emergency, reviewed, and readable before it is known who asks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hutong.kernel.rowsecurity import PLACE, Shut

# The session asks for them before the database knows who asks: ids only.
GRANTED = """
create function hutong_granted(who uuid, at timestamptz) returns uuid[]
language sql stable security definer set search_path = public, pg_temp as $$
  select array_agg(g.subject_id) from staff_grant g
   where g.user_id = who and g.start <= at and (g."end" is null or g."end" > at)
$$;
revoke all on function hutong_granted(uuid, timestamptz) from public;
grant execute on function hutong_granted(uuid, timestamptz) to hutong_web, hutong_worker, hutong_loader;
"""
# Named grants are written by who may write identity there; an emergency goes through its own narrow door (people).
GRANTS = [
    "drop policy staff_grant_read on staff_grant",
    "drop policy staff_grant_add on staff_grant",
    "drop policy staff_grant_change on staff_grant",
    "create policy staff_grant_read on staff_grant for select using (user_id = (select hutong_user())"
    f" or {PLACE.format('division')} and (select hutong_reads())::text[] && array['identity', 'looks'])",
    "create policy staff_grant_add on staff_grant for insert with check (kind = 'named' and given_by_id = (select hutong_user())"
    f" and {PLACE.format('division')} and 'identity' = any((select hutong_writes())::text[]))",
    "create policy staff_grant_change on staff_grant for update using (user_id = (select hutong_user())"
    f" or {PLACE.format('division')} and (select hutong_writes())::text[] && array['identity', 'review'])",
]
# One's own emergency may be ended, never lengthened; an officer cannot review his own either.
HELD = """
create function staff_grant_held() returns trigger language plpgsql as $$
begin
  if new.user_id <> old.user_id or new.subject_id <> old.subject_id or new.kind <> old.kind or new.start <> old.start
     or old."end" is not null and (new."end" is null or new."end" > old."end") then
    raise exception 'a grant only gets shorter' using errcode = '42501';
  end if;
  if new.verdict is distinct from old.verdict and (new.user_id = hutong_user() or not 'review' = any(hutong_writes())) then
    raise exception 'not the reviewer' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger staff_grant_held before update on staff_grant for each row
  when (current_setting('role', true) in ('hutong_web', 'hutong_worker')) execute function staff_grant_held();
"""


class Migration(migrations.Migration):
    """Kind and review of a grant, and its doors."""

    dependencies = [
        ('staff', '0005_device_security'),
        ('kernel', '0005_shut'),
    ]

    operations = [
        migrations.AddField(
            model_name='grant',
            name='kind',
            field=models.CharField(choices=[('named', '指定查阅人'), ('emergency', '紧急查阅')], default='named', db_default='named', max_length=10),
        ),
        migrations.AddField(
            model_name='grant',
            name='review_note',
            field=models.CharField(blank=True, db_default='', max_length=200),
        ),
        migrations.AddField(
            model_name='grant',
            name='reviewed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='grant',
            name='reviewed_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='grant',
            name='verdict',
            field=models.CharField(blank=True, db_default='', choices=[('justified', '理由成立'), ('unjustified', '理由不成立')], max_length=12),
        ),
        migrations.AddIndex(
            model_name='grant',
            index=models.Index(fields=['subject_id'], name='grant_subject'),
        ),
        migrations.RunSQL(GRANTED, "drop function hutong_granted(uuid, timestamptz)"),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(HELD, "drop trigger staff_grant_held on staff_grant; drop function staff_grant_held()"),
        Shut("staff_grant", "subject_id", own="user_id"),
    ]
