-- Everybody the police know, with full years of age on the day and on the day the school year began.
select
  r.pid, r.name, r.sex, r.birth_date, r.division, r.household_id, r.relation,
  year(t.on_day) - year(r.birth_date)
    - case when month(t.on_day) * 100 + day(t.on_day) < month(r.birth_date) * 100 + day(r.birth_date) then 1 else 0 end as age,
  year(t.school_day) - year(r.birth_date)
    - case when month(t.school_day) * 100 + day(t.school_day) < month(r.birth_date) * 100 + day(r.birth_date) then 1 else 0 end as school_age,
  r.father, r.mother
from registered r
cross join today t
