-- Whoever stands above is told of what is overdue: each step of an obligation's ladder once, one notice a person and night.
-- The parents' own duties have no ladder. A step that a first run finds already passed counts with the highest.
with step as materialized (
  select * from unnest(%(obligations)s::text[], %(numbers)s::int[], %(days)s::int[], %(roles)s::text[]) as s(obligation, nth, days, role)
),
reached as materialized (
  select d.id, d.level as before, max(s.nth) as level
  from duties_duty d join step s on s.obligation = d.obligation and d.due_on + s.days <= %(on)s and s.nth > d.level
  where d.state in ('due', 'missed') and d.late_done_on is null
  group by d.id, d.level
),
raised as (
  update duties_duty d set level = r.level from reached r where d.id = r.id
  returning d.id, d.obligation, d.division, d.subject_id, r.before, r.level
),
told as (
  select p.user_id, p.division, count(distinct r.id) as duties, count(distinct r.subject_id) as children
  from raised r
  join step s on s.obligation = r.obligation and s.nth > r.before and s.nth <= r.level
  join staff_post p on p.role = s.role and p.start <= %(on)s and (p."end" is null or p."end" > %(on)s)
    and p.division = case s.role when 'county_officer' then r.division / 1000000 * 1000000 else r.division / 1000 * 1000 end
  join staff_user u on u.id = p.user_id and u.is_active
  group by p.user_id, p.division
),
noticed as (
  insert into staff_notice (id, user_id, kind, text, subject_kind, subject_id, division, urgent, created_at, read_at)
  select hutong_uuid7(), t.user_id, 'duties.overdue', format(%(text)s, t.children, t.duties), 'duties.overdue', null, t.division, false, %(at)s, null
  from told t
  returning 1
)
select (select count(*) from raised), (select count(*) from noticed)
