/*
id: self_harm
zh: 自伤或中毒就诊
en: treated for self-harm or poisoning
legal: 未成年人保护法第11条；教体艺〔2023〕1号
standing: proposed
concerns: 未满18周岁，12个月内有自伤或中毒就诊记录；日期不详的交人工核实。限制查阅
reads: [hospital]
evidence:
  - {column: record, zh: 就诊类别, en: kind of record, register_: hospital, since: admitted_on}
need: N7
severity: high
owner: county_officer
domain: psych
restricted: true
*/
select c.pid as subject, coalesce(cast(max(h.admitted_on) as string), 'unknown') as evidence_key,
  case when max(h.admitted_on) is null then 'review' else 'sure' end as certainty, min(h.kind) as record, max(h.admitted_on) as admitted_on
from child c cross join limits l cross join today t
join hospital h on h.pid = c.pid
where h.kind = '自伤' and (h.admitted_on is null or h.admitted_on <= t.on_day and h.admitted_on > add_months(t.on_day, -l.recent_months))
group by c.pid
