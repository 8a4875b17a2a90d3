-- What is owed for each open file on a day, as rows. The set-based twin of engine.py: a property test holds both equal (tests/duties/test_engine.py).
-- Parameters: on, only (one file or null), and the numbers of policy/obligations.yaml.
with supervisors as materialized (
  select distinct on (division) division as town, user_id
  from staff_post
  where role = 'supervisor' and start <= %(on)s and ("end" is null or "end" > %(on)s)
  order by division, start, id
),
f as materialized (
  select id, division, opened_on, attention, attention_rank, attention_on, priority, last_changed_on, updated_on, rechecked_on, child_id, director_id
  from people_file
  where closed_on is null and (%(only)s::uuid[] is null or id = any(%(only)s::uuid[])) and opened_on <= %(on)s
),
parents as materialized (
  select f.id as file, k.relative_id as person
  from f join people_kinship k on k.child_id = f.child_id and k.relation in ('51', '52') and (k."end" is null or k."end" > %(on)s)
),
about as (
  select f.id as file, f.child_id as person, 'child' as whose from f
  union all select file, person, 'parent' from parents
),
facts as materialized (
  select a.file, a.whose, c.id, c.kind, c.value, c.start, c.recorded_at
  from about a join people_circumstance c on c.person_id = a.person
  where c.kind = any(%(kinds)s) and c.withdrawn_at is null
    and (c.start is null or c.start <= %(on)s) and (c."end" is null or c."end" > %(on)s)
    and (c.recorded_at at time zone 'Asia/Shanghai')::date <= %(on)s
),
raising as (
  select file, max((recorded_at at time zone 'Asia/Shanghai')::date) as since
  from facts
  where whose = 'child' and kind in ('disability', 'mind_anomaly')
     or whose = 'parent' and kind = 'disability'
        and (value->>'grade' = any(%(severe_any)s) or value->>'grade' = any(%(severe_mind)s) and value->>'class' = any(%(mind_classes)s))
  group by file
),
fair as (select distinct file from facts where whose = 'child' and kind = 'guardianship_grade' and value->>'grade' = 'insufficient'),
pace as materialized (
  select f.*,
    least(
      case f.attention when 'red' then %(red)s when 'yellow' then %(yellow)s when 'blue' then %(blue)s else %(green)s end,
      case when f.priority then %(priority)s end,
      case when r.file is not null then %(raised)s end,
      case when g.file is not null then %(fair)s end
    )::int as every,
    greatest(f.attention_on, case when r.since > f.opened_on then r.since end) as paced_on
  from f left join raising r on r.file = f.id left join fair g on g.file = f.id
),
visited as materialized (
  select distinct v.file_id as file, v.occurred_on as d
  from wellbeing_visit v join f on f.id = v.file_id and v.occurred_on >= f.opened_on and v.occurred_on <= %(on)s
  where not exists (select from wellbeing_visit c where c.corrects_id = v.id)
),
first_visit as materialized (select file, min(d) as d from visited group by file),
gaps as materialized (
  select file, d, lead(d) over (partition by file order by d) as n from visited
  union all
  select f.id, f.opened_on + %(first_days)s, v.d
  from f left join first_visit v on v.file = f.id
  where (v.d is null or v.d > f.opened_on + %(first_days)s) and f.opened_on + %(first_days)s <= %(on)s
),
spaced as materialized (
  select p.id as file, g.d, g.n, p.every,
    case when g.n is null then greatest(g.d + p.every, coalesce(p.paced_on, '-infinity'::date)) else g.d + p.every end as first_due
  from gaps g join pace p on p.id = g.file
  where coalesce(g.n, %(on)s) >= %(on)s - %(horizon)s
),
periodic as (
  select s.file, 'visit.periodic' as obligation,
    'after:' || s.d || ':' || k as period_key,
    case when k = 1 then s.d else s.first_due + (k - 2) * s.every end as opens_on,
    s.first_due + (k - 1) * s.every as due_on,
    s.n as done_on, s.n is null as fresh
  from spaced s
  cross join lateral generate_series(1, greatest(1,
    ceil((coalesce(s.n, %(on)s) - s.first_due)::numeric / s.every)::int + 1)) k
  -- the next one is there once the one before is missed for good: one late visit is not counted twice
  where s.first_due + (k - 2) * s.every + %(visit_grace)s < coalesce(s.n, %(on)s) or k = 1
),
first as (
  select f.id as file, 'visit.first', 'first', f.opened_on, f.opened_on + %(first_days)s, v.d, true
  from f left join first_visit v on v.file = f.id
  where f.opened_on >= %(on)s - %(horizon)s
),
happened as (
  select x.file, x.kind || ':' || x.id as key, greatest(x.start, (x.recorded_at at time zone 'Asia/Shanghai')::date) as d
  from facts x
  where exists (
    select 1 from jsonb_to_recordset(%(triggers)s) as t(kind text, of text, key text, "values" jsonb)
    where t.kind = x.kind and t.of = x.whose and (t.key = '' or t."values" ? (x.value->>t.key)))
  union all
  select f.id, 'carer:' || k.id, k.start
  from f join people_kinship k on k.child_id = f.child_id and k.carer and k.start is not null and %(carer_change)s
),
event as (
  select h.file, 'visit.event', h.key, h.d, w.due, min(v.d) filter (where v.d >= h.d), true
  from happened h
  join f on f.id = h.file and h.d > f.opened_on and h.d <= %(on)s and h.d >= %(on)s - %(event_seen)s
  join unnest(%(workday_from)s::date[], %(workday_to)s::date[]) as w(d, due) on w.d = h.d
  left join visited v on v.file = h.file
  group by h.file, h.key, h.d, w.due
),
behind as materialized (
  select c.file_id as file, c.id, coalesce(c.start, f.opened_on) as since
  from people_category c join f on f.id = c.file_id
  where c.kind = 'LEFT_BEHIND' and c.state = 'confirmed' and c."end" is null and coalesce(c.start, f.opened_on) <= %(on)s
),
agreed as (
  select b.file, 'agreement.entrusted', 'left:' || b.id, b.since, b.since + %(agreement_days)s,
    (select greatest(min(coalesce(a.signed_on, a.start)), b.since) from wellbeing_agreement a
      where a.file_id = b.file and a.state in ('signed', 'notified', 'active') and coalesce(a.signed_on, a.start) <= %(on)s
      having count(*) > 0), true  -- greatest() would pass over a missing agreement
  from behind b
),
weeks as materialized (
  select b.file, b.since, w.monday, to_char(w.monday, 'IYYY"-W"IW') as week
  from behind b join unnest(%(mondays)s::date[]) as w(monday) on w.monday >= b.since
),
said as materialized (
  select distinct on (c.file_id, c.week, c.direction) c.file_id as file, c.week, c.direction, c.state, c.occurred_on
  from wellbeing_contact c
  join f on f.id = c.file_id
  where c.week = any(%(weeks)s) and c.direction in ('parent_child', 'parent_carer')
    and (c.entered_at at time zone 'Asia/Shanghai')::date <= %(on)s
  order by c.file_id, c.week, c.direction, c.entered_at desc, c.id desc
),
kept as materialized (
  select w.file, w.since, w.monday, w.week, count(*) filter (where s.state = 'done') = 2 as whole,
    max(s.occurred_on) filter (where s.state = 'done') as d
  from weeks w left join said s on s.file = w.file and s.week = w.week
  group by w.file, w.since, w.monday, w.week
),
weekly as (
  select file, 'contact.weekly', week, monday, monday + 6,
    case when whole then least(greatest(coalesce(d, monday + 6), monday), monday + 6) end, true
  from kept
),
missing as (
  select file, monday, week, since,
    not whole as lost,
    lag(not whole, 1) over run as before,
    lag(not whole, 2) over run as earlier
  from kept where monday + 6 + %(contact_grace)s < %(on)s
  window run as (partition by file order by monday)
),
urged as (
  select m.file, 'contact.urge', 'weeks:' || m.week, m.monday + 7 + %(contact_grace)s as opens,
    m.monday + 7 + %(contact_grace)s + %(urge_days)s as due,
    (select min(c.occurred_on) from wellbeing_contact c
      where c.file_id = m.file and c.direction = 'director_parent' and c.state = 'done' and c.occurred_on >= m.monday + 7 + %(contact_grace)s
        and c.occurred_on <= %(on)s), true
  from missing m
  where m.lost and m.before and (m.earlier is false or m.earlier is null and m.monday - 14 < m.since)
),
updated as (
  select f.id, 'file.update', 'change:' || f.last_changed_on, f.last_changed_on, f.last_changed_on + %(update_days)s,
    least(
      min(v.d) filter (where v.d >= f.last_changed_on),
      case when f.updated_on >= f.last_changed_on and f.updated_on <= %(on)s then f.updated_on end), true
  from f left join visited v on v.file = f.id
  where f.last_changed_on > f.opened_on and f.last_changed_on <= %(on)s
  group by f.id, f.last_changed_on, f.updated_on
),
checked as (
  select f.id, 'file.recheck', 'year:' || n, f.opened_on + n * %(recheck_days)s - %(recheck_before)s, f.opened_on + n * %(recheck_days)s,
    case when f.rechecked_on >= f.opened_on + n * %(recheck_days)s - %(recheck_before)s and f.rechecked_on <= %(on)s then f.rechecked_on end, true
  from f cross join lateral generate_series(1, (%(on)s - f.opened_on + %(recheck_before)s) / %(recheck_days)s) n
  where f.opened_on + n * %(recheck_days)s >= %(on)s - %(recheck_days)s
),
owed as (
  select * from periodic union all select * from first union all select * from event union all select * from agreed
  union all select * from weekly union all select * from urged union all select * from updated union all select * from checked
),
owed_now as materialized (
  select o.file, f.division, case b.bearer when 'director' then f.director_id when 'supervisor' then s.user_id end as owner_id, f.attention_rank, o.obligation, o.period_key, o.opens_on, o.due_on,
    o.due_on + b.grace as final_on, b.bearer, o.done_on, o.fresh,
    case
      when o.done_on <= o.due_on then 'done'
      when o.done_on <= o.due_on + b.grace then 'late_done'
      when o.due_on + b.grace < %(on)s then 'missed'
      else 'due'
    end as state
  from owed o join f on f.id = o.file
  left join supervisors s on s.town = f.division / 1000 * 1000
  join unnest(%(obligations)s::text[], %(graces)s::int[], %(bearers)s::text[]) as b(obligation, grace, bearer) on b.obligation = o.obligation
)
