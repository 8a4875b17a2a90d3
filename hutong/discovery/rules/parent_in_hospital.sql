/*
id: parent_in_hospital
zh: 父或母长期住院，另一方不在家或不能照料，未建档
en: a parent in hospital for long, the other away or unable, no file
legal: 未成年人保护法第92条；国发〔2016〕13号
standing: sourced
concerns: 未满18周岁，父或母近两个月住院14天以上（天数不详也算），另一方重残、在押、死亡、失踪、外出或情况不详，没有档案
reads: [hospital, files]
evidence:
  - {column: stay, zh: 住院天数, en: days in hospital, register_: hospital, since: admitted_on}
  - {column: other_state, zh: 另一方情形, en: state of the other, register_: other_register, since: other_since}
need: N5
severity: middle
owner: county_officer
domain: judicial
*/
with ill as (
  select h.pid, max(h.days) as stay, max(h.admitted_on) as admitted_on
  from hospital h cross join today t cross join limits l
  where h.pid is not null and h.kind = '住院' and (h.days is null or h.days >= l.stay_days)
    and h.admitted_on <= t.on_day and h.admitted_on > date_sub(t.on_day, l.stay_within)
  group by h.pid
)
select a.child as subject, concat(a.side, '-', cast(i.admitted_on as string)) as evidence_key, 'review' as certainty,
  i.stay, i.admitted_on, case when o.standing = 'none' then '外地就业' else o.what end as other_state,
  case when o.standing = 'none' then 'employment' else o.source_register end as other_register,
  case when o.standing = 'none' then w.insured_from else o.since end as other_since
from parent_state a
join ill i on i.pid = a.parent
join parent_state o on o.child = a.child and o.side <> a.side
left join away w on w.pid = o.parent
left anti join files k on k.pid = a.child
where a.standing = 'none' and (o.standing <> 'none' or w.pid is not null)
