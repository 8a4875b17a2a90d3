/*
id: pregnancy_under_14
zh: 不满14周岁有产科记录
en: obstetric record of a girl under 14
legal: 未成年人保护法第11条、第101条；刑法第236条；高检发〔2020〕9号（强制报告）
standing: sourced
concerns: 就诊时不满14周岁，卫健有产科记录；就诊日期不详的按今天的年龄交人工核实。限制查阅，先按强制报告程序办理
reads: [hospital]
evidence:
  - {column: record, zh: 就诊类别, en: kind of record, register_: hospital, since: admitted_on}
need: N12
severity: high
owner: county_officer
domain: safety
restricted: true
*/
select p.pid as subject, 'under-14' as evidence_key,
  case when p.sex = '女' and min(h.admitted_on) is not null then 'sure' else 'review' end as certainty,
  min(h.kind) as record, min(h.admitted_on) as admitted_on
from hospital h cross join limits l cross join today t
join person p on p.pid = h.pid
where h.kind = '产科' and add_months(p.birth_date, l.protected_age * 12) > coalesce(h.admitted_on, t.on_day)
group by p.pid, p.sex
