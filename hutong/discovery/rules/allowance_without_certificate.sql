/*
id: allowance_without_certificate
zh: 领取残疾人两项补贴，残疾人登记里没有本人
en: receives the disability allowance, is in no register of disabled persons
legal: 国发〔2015〕52号（动态管理）
standing: sourced
concerns: 未满18周岁，补贴名册里有残疾人两项补贴，比对后残疾人登记里没有；只提示核实，不停发
reads: [allowance, disability]
evidence:
  - {column: paid, zh: 领取的补贴, en: allowance received, register_: allowance, since: since}
need: N20
severity: low
owner: county_officer
domain: aid
opens: false
*/
select c.pid as subject, 'certificate' as evidence_key, 'review' as certainty, max(a.kind) as paid, max(a.since) as since
from child c
join allowance a on a.pid = c.pid
left anti join disability d on d.pid = c.pid
where a.kind = '残疾人两项补贴'
group by c.pid
