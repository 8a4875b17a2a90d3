/*
id: attendance_collapse
zh: 本学期到校天数明显不足
en: attendance has collapsed this term
legal: 义务教育法第13条；未成年人保护法第28条
standing: proposed
concerns: 在籍学生，到校天数不到应到天数的七成
reads: [school]
evidence:
  - {column: attended_days, zh: 到校天数, en: days attended, register_: school}
  - {column: term_days, zh: 应到天数, en: days of the term, register_: school}
need: N4
severity: middle
owner: county_officer
domain: schooling
*/
select c.pid as subject, concat('year-', cast(year(t.school_day) as string)) as evidence_key, 'sure' as certainty,
  max(s.attended_days) as attended_days, max(s.term_days) as term_days
from child c cross join limits l cross join today t
join school s on s.pid = c.pid
where s.term_days > 0
group by c.pid, t.school_day, l.attendance_percent
having max(s.attended_days * 100 - l.attendance_percent * s.term_days) < 0
