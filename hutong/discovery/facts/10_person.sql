-- Everybody the police know, with full years of age on the day and parents as person ids. Parents' numbers are the police's own.
select
  p.pid, p.name, p.sex, p.birth_date, p.division, p.household_id, p.relation,
  year(t.on_day) - year(p.birth_date)
    - case when month(t.on_day) * 100 + day(t.on_day) < month(p.birth_date) * 100 + day(p.birth_date) then 1 else 0 end as age,
  year(t.school_day) - year(p.birth_date)
    - case when month(t.school_day) * 100 + day(t.school_day) < month(p.birth_date) * 100 + day(p.birth_date) then 1 else 0 end as school_age,
  f.pid as father, m.pid as mother
from police p
cross join today t
left join numbered f on f.id_no = p.father_id_no
left join numbered m on m.id_no = p.mother_id_no
