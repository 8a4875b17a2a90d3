-- What hangs on the restricted files of an area that no grant opens: the child's files, the child and whoever was merged
-- into it, and relatives who belong to no child that is open. Told once a transaction (kernel.scope), as text of uuid[].
create or replace function hutong_shut_in(ranges text, subjects text) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare closed uuid[]; found uuid[];
begin
  select array_agg(distinct f.child_id) into closed from people_file f
   where f.restricted and f.division <@ nullif(ranges, '')::int8multirange
     and not exists (select 1 from people_file g where g.child_id = f.child_id and g.id = any(nullif(subjects, '')::uuid[]));
  if closed is null then
    return '{}';
  end if;
  select array_agg(id) into found from (
    select unnest(closed) as id
    union select f.id from people_file f where f.child_id = any(closed)
    union select p.id from people_person p where p.canonical_id = any(closed)
    union select k.relative_id from people_kinship k where k.child_id = any(closed)
       and not exists (select 1 from people_kinship o join people_file g on g.child_id = o.child_id
                        where o.relative_id = k.relative_id and not o.child_id = any(closed))
  ) as all_of_them;
  return found::text;
end $$;

-- A grant names a file; it opens the child and the relatives too.
create or replace function hutong_opened(subjects text) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare found uuid[];
begin
  if coalesce(subjects, '') in ('', '{}') then
    return coalesce(subjects, '');
  end if;
  select array_agg(id) into found from (
    select unnest(subjects::uuid[]) as id
    union select f.child_id from people_file f where f.id = any(subjects::uuid[])
    union select k.relative_id from people_file f join people_kinship k on k.child_id = f.child_id
           where f.id = any(subjects::uuid[])
  ) as all_of_them;
  return found::text;
end $$;

create or replace function hutong_match_identifier(wanted text) returns table (place text, person uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select case when p.division <@ hutong_ranges() and not p.id = any(hutong_shut()) then 'here' else 'elsewhere' end,
         case when p.division <@ hutong_ranges() and not p.id = any(hutong_shut()) then p.id end
  from people_person p
  where p.id_key = wanted and p.canonical_id is null and hutong_user() is not null
$$;

revoke all on function hutong_shut_in(text, text), hutong_opened(text) from public;
grant execute on function hutong_shut_in(text, text), hutong_opened(text) to hutong_web, hutong_worker, hutong_loader;

-- Emergency access: the caller names a child by file number, or by identity number (blind index) and name, says why, and
-- sees the file until `until`. The grant, the look and the event are written here, so that none comes without the others.
create or replace function hutong_emergency(wanted text, key text, person_name text, why text, until timestamptz)
returns table (granted uuid, file uuid, place bigint)
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare f people_file; made uuid := gen_random_uuid(); asked timestamptz := clock_timestamp();
begin
  if hutong_user() is null or not ('emergency' = any(hutong_writes())) or length(trim(why)) < 10 or until > asked + interval '1 day' then
    raise exception 'no emergency access' using errcode = '42501';
  end if;
  select x.* into f from people_file x join people_person p on p.id = x.child_id
   where p.canonical_id is null and (x.number = wanted or key <> '' and p.id_key = key and p.name = person_name)
   order by x.closed_on nulls first, x.opened_on desc limit 1;
  insert into kernel_access (id, what, subject_kind, subject_id, division, user_id, at, purpose, data)
  values (gen_random_uuid(), 'emergency', case when f.id is null then '' else 'people.file' end, f.id, coalesce(f.division, 0),
          hutong_user(), asked, left(why, 200), jsonb_build_object('found', f.id is not null));
  if f.id is null then
    return;
  end if;
  insert into staff_grant (id, user_id, subject_id, division, start, "end", because, given_by_id, kind, verdict, review_note)
  values (made, hutong_user(), f.id, f.division, asked, until, left(why, 200), hutong_user(), 'emergency', '', '');
  insert into kernel_event (id, kind, subject_kind, subject_id, about, division, domain, user_id, happened_at, entered_at, written_at, op, data)
  values (gen_random_uuid(), 'people.file.emergency', 'people.file', f.id, f.id, f.division, 'identity', hutong_user(),
          asked, asked, asked, null, jsonb_build_object('because', left(why, 200), 'until', until));
  return query select made, f.id, f.division;
end $$;
revoke all on function hutong_emergency(text, text, text, text, timestamptz) from public;
grant execute on function hutong_emergency(text, text, text, text, timestamptz) to hutong_web, hutong_worker, hutong_loader;
