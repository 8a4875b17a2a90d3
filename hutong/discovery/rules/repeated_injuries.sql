/*
id: repeated_injuries
zh: 一年内多次外伤就诊
en: treated for injuries several times in a year
legal: 未成年人保护法第11条；高检发〔2020〕9号（强制报告）
standing: sourced
concerns: 未满18周岁，12个月内两天以上有外伤就诊记录。限制查阅，由人判断是否意外
reads: [hospital]
evidence:
  - {column: times, zh: 外伤就诊次数, en: times treated, register_: hospital, since: last_on}
need: N12
severity: high
owner: county_officer
domain: safety
restricted: true
*/
select c.pid as subject, concat('last-', cast(max(h.admitted_on) as string)) as evidence_key, 'review' as certainty,
  count(distinct h.admitted_on) as times, max(h.admitted_on) as last_on
from child c cross join limits l cross join today t
join hospital h on h.pid = c.pid
where h.kind = '外伤' and h.admitted_on <= t.on_day and h.admitted_on > add_months(t.on_day, -l.recent_months)
group by c.pid, l.injuries
having count(distinct h.admitted_on) >= l.injuries
