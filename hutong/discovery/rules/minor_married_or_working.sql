/*
id: minor_married_or_working
zh: 未成年人有婚姻登记，或不满16周岁有就业参保
en: a minor registered as married, or working under 16
legal: 民法典第1047条；劳动法第15条；未成年人保护法第61条
standing: sourced
concerns: 未满18周岁有婚姻登记，或未满16周岁有就业参保登记；也可能是名册里的号码有误
reads: [marriage, employment]
evidence:
  - {column: what, zh: 登记情况, en: what is registered, register_: found_register, since: found_on}
need: N11
severity: high
owner: county_officer
domain: safety
*/
with found as (
  select pid, '婚姻登记' as what, 'marriage' as found_register, registered_on as found_on from marriage where pid is not null
  union all
  select e.pid, '就业参保登记', 'employment', e.insured_from from employment e join person p on p.pid = e.pid cross join limits l
  where p.age < l.working_age
)
select c.pid as subject, f.found_register as evidence_key, 'review' as certainty,
  max(f.what) as what, f.found_register, min(f.found_on) as found_on
from child c join found f on f.pid = c.pid
group by c.pid, f.found_register
