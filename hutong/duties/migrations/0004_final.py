"""A missed duty stays missed, and a settled one stays settled: the database itself refuses to forget."""

from django.db import migrations

FINAL = """
create function hutong_duty_is_final() returns trigger language plpgsql as $$
begin
  if old.state <> 'due' and new.state is distinct from old.state then
    raise exception 'a duty that is % stays so', old.state using errcode = '23514';
  end if;
  if old.late_done_on is not null and new.late_done_on is distinct from old.late_done_on then
    raise exception 'what was done late stays so' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger duty_is_final before update of state, late_done_on on duties_duty
  for each row execute function hutong_duty_is_final();
"""

# RFC 9562: 48 bits of milliseconds, version and variant bits, the rest random.
UUID7 = """
create function hutong_uuid7() returns uuid language sql volatile parallel safe as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;
"""


class Migration(migrations.Migration):
    """See duties/merge.sql."""

    dependencies = [("duties", "0003_owners_follow")]

    operations = [
        migrations.RunSQL(FINAL, "drop trigger duty_is_final on duties_duty; drop function hutong_duty_is_final()"),
        migrations.RunSQL(UUID7, "drop function hutong_uuid7()"),
    ]
