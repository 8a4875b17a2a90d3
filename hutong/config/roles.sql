-- The database and its four roles; run once by a superuser: by our launcher for the embedded server, by you for your own.
-- owner: owns and migrates. web: serves pages. worker: runs jobs for a named user. loader: bulk loads, past row security.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'hutong_owner') then
    create role hutong_owner login createdb;
  end if;
  if not exists (select 1 from pg_roles where rolname = 'hutong_web') then
    create role hutong_web login;
  end if;
  if not exists (select 1 from pg_roles where rolname = 'hutong_worker') then
    create role hutong_worker login;
  end if;
  if not exists (select 1 from pg_roles where rolname = 'hutong_loader') then
    create role hutong_loader login;
  end if;
end $$;
alter role hutong_owner nosuperuser createdb nocreaterole nobypassrls;
alter role hutong_web nosuperuser nocreatedb nocreaterole nobypassrls;
alter role hutong_worker nosuperuser nocreatedb nocreaterole nobypassrls;
alter role hutong_loader nosuperuser nocreatedb nocreaterole bypassrls;
-- A page is one of many: starting helpers for its statements costs it 20 ms and takes the others' processors.
alter role hutong_web set max_parallel_workers_per_gather = 0;
-- A job acts with the rights of the user it runs for, as a page does.
grant hutong_web to hutong_worker;
-- The owner hands functions over to the others and acts as each of them in tests and on the command line.
grant hutong_web, hutong_worker, hutong_loader to hutong_owner;
