-- Four roles: the owner migrates; web serves pages; worker runs jobs for a named user; loader loads in bulk.
do $$
declare r text;
begin
  foreach r in array array['hutong_web', 'hutong_worker', 'hutong_loader'] loop
    if not exists (select 1 from pg_roles where rolname = r) then
      execute format('create role %I nologin', r);
    end if;
    if not pg_has_role(current_user, r, 'member') then
      execute format('grant %I to current_user', r);
    end if;
  end loop;
end $$;
grant usage on schema public to hutong_web, hutong_worker, hutong_loader;
grant select, insert, update, delete on all tables in schema public to hutong_web, hutong_worker, hutong_loader;
grant usage, select on all sequences in schema public to hutong_web, hutong_worker, hutong_loader;
alter default privileges in schema public grant select, insert, update, delete on tables to hutong_web, hutong_worker, hutong_loader;
alter default privileges in schema public grant usage, select on sequences to hutong_web, hutong_worker, hutong_loader;

-- What policies read. After a first transaction-local set the value is '' and not null, hence nullif.
create function hutong_user() returns uuid language sql stable parallel safe as
  $$ select nullif(current_setting('hutong.user', true), '')::uuid $$;
create function hutong_ranges() returns int8multirange language sql stable parallel safe as
  $$ select nullif(current_setting('hutong.ranges', true), '')::int8multirange $$;
create function hutong_low() returns bigint language sql stable parallel safe as
  $$ select nullif(current_setting('hutong.low', true), '')::bigint $$;
create function hutong_high() returns bigint language sql stable parallel safe as
  $$ select nullif(current_setting('hutong.high', true), '')::bigint $$;
create function hutong_orgs() returns uuid[] language sql stable parallel safe as
  $$ select nullif(current_setting('hutong.orgs', true), '')::uuid[] $$;
create function hutong_subjects() returns uuid[] language sql stable parallel safe as
  $$ select nullif(current_setting('hutong.subjects', true), '')::uuid[] $$;
create function hutong_reads() returns text[] language sql stable parallel safe as
  $$ select nullif(current_setting('hutong.reads', true), '')::text[] $$;
create function hutong_writes() returns text[] language sql stable parallel safe as
  $$ select nullif(current_setting('hutong.writes', true), '')::text[] $$;
