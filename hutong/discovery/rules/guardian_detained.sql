/*
id: guardian_detained
zh: 父或母被羁押或强制戒毒，家有未成年子女未建档
en: a parent in custody or compulsory treatment, children without a file
legal: 未成年人保护法第93条；民发〔2019〕62号
standing: sourced
concerns: 未满18周岁，父或母目前在押或强制戒毒（不论期限），没有档案；另一方无上述情形的交人工核实
reads: [custody, detox, files]
evidence:
  - {column: what, zh: 情形, en: what, register_: held_register, since: began_on}
  - {column: other_parent, zh: 另一方, en: the other parent, register_: other_register, since: other_since}
need: N5
severity: high
owner: county_officer
domain: judicial
*/
with held as (
  select c.pid, '在押' as what, 'custody' as held_register, c.began_on from custody c cross join today t
  where c.pid is not null and c.began_on <= t.on_day and add_months(c.began_on, c.months) > t.on_day
  union all
  select c.pid, '强制隔离戒毒', 'detox', c.began_on from detox c cross join today t
  where c.pid is not null and c.began_on <= t.on_day and add_months(c.began_on, c.months) > t.on_day
),
found as (
  select s.child, s.side, h.what, h.held_register, h.began_on, o.what as other_parent, o.source_register as other_register, o.since as other_since,
    o.standing as other_standing,
    row_number() over (partition by s.child order by h.began_on desc, s.side, h.held_register) as place
  from parent_state s
  join held h on h.pid = s.parent
  join parent_state o on o.child = s.child and o.side <> s.side
)
select f.child as subject, concat(f.side, '-', f.held_register, '-', cast(f.began_on as string)) as evidence_key,
  case f.other_standing when 'none' then 'review' when 'unknown' then 'review' else 'sure' end as certainty,
  case f.side when 'father' then concat('父亲', f.what) else concat('母亲', f.what) end as what,
  f.held_register, f.began_on, f.other_parent, f.other_register, f.other_since
from found f
left anti join files k on k.pid = f.child
where f.place = 1
