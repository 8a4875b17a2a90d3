/*
id: twin_of_lead
zh: 双胞胎之一有重要线索，另一个没有
en: one twin has a grave lead, the other has none
legal: 国发〔2016〕36号
standing: proposed
concerns: 同父或同母、同日或次日出生的孩子，一个有重要线索，另一个没有线索也没有档案，可能是名册里比对不上
reads: [files]
evidence:
  - {column: title, zh: 另一个的线索, en: lead of the other, register_: police}
need: N5
severity: middle
owner: county_officer
domain: judicial
*/
select s.pid as subject, min(f.rule) as evidence_key, 'review' as certainty, min(f.title) as title
from sibling s
join found_lead f on f.subject = s.sibling and f.severity = 'high'
left anti join found_lead o on o.subject = s.pid
left anti join files k on k.pid = s.pid
where s.twins
group by s.pid
