/*
id: defect_without_follow_up
zh: 新生儿缺陷没有随访
en: newborn defect without follow-up
legal: 母婴保健法；国发〔2018〕20号
standing: proposed
concerns: 新生儿缺陷登记里没有随访记录的孩子
reads: [birth_defect]
evidence:
  - {column: defect, zh: 登记的缺陷, en: defect, register_: birth_defect, since: found_on}
need: N2
severity: middle
owner: county_officer
domain: health
*/
select c.pid as subject, d.defect as evidence_key, 'sure' as certainty, d.defect, min(d.found_on) as found_on
from child c join birth_defect d on d.pid = c.pid
where not d.followed_up
group by c.pid, d.defect
