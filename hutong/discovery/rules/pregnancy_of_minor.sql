/*
id: pregnancy_of_minor
zh: 14至17周岁有产科记录
en: obstetric record of a girl of 14 to 17
legal: 未成年人保护法第11条；高检发〔2020〕9号（强制报告）
standing: sourced
concerns: 就诊时满14周岁、不满18周岁，卫健有产科记录。限制查阅
reads: [hospital]
evidence:
  - {column: record, zh: 就诊类别, en: kind of record, register_: hospital, since: admitted_on}
need: N2
severity: high
owner: county_officer
domain: safety
restricted: true
*/
select p.pid as subject, '14-17' as evidence_key,
  case when p.sex = '女' and min(h.admitted_on) is not null then 'sure' else 'review' end as certainty,
  min(h.kind) as record, min(h.admitted_on) as admitted_on
from hospital h cross join limits l cross join today t
join person p on p.pid = h.pid
where h.kind = '产科' and add_months(p.birth_date, l.protected_age * 12) <= coalesce(h.admitted_on, t.on_day) and add_months(p.birth_date, l.adult_age * 12) > coalesce(h.admitted_on, t.on_day)
group by p.pid, p.sex
