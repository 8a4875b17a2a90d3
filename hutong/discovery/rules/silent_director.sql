/*
id: silent_director
zh: 儿童主任长期没有任何记录
en: a child director has recorded nothing for long
legal: 民发〔2019〕34号
standing: sourced
concerns: 村里有在册档案，儿童主任60天以上没有记录；最近记录日期不详的交人工核实
reads: [directors, files]
about: village
evidence:
  - {column: files_there, zh: 在册档案, en: files of the village, register_: files}
  - {column: last_on, zh: 最近一次记录, en: last record, register_: directors, since: last_on}
need: N20
severity: middle
owner: county_officer
domain: care
opens: false
*/
with there as (select c.division, count(distinct c.pid) as files_there from files f join child c on c.pid = f.pid group by c.division),
active as (select division, max(last_active_on) as last_on from directors where director is not null and division is not null group by division)
select a.division as subject, coalesce(cast(a.last_on as string), 'unknown') as evidence_key,
  case when a.last_on is null then 'review' else 'sure' end as certainty, t.files_there, a.last_on
from active a cross join limits l cross join today d
join there t on t.division = a.division
where a.last_on is null or a.last_on < date_sub(d.on_day, l.silent_days)
