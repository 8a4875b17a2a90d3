-- The adults of each household with a child: how many, how many are not there (only for work elsewhere: at_work), one other reason,
-- and the age of the youngest whom nothing lasting keeps away.
select p.household_id, count(*) as adults, count(a.pid) as gone, sum(case when a.only_work then 1 else 0 end) as at_work,
  min(case when not a.only_work then a.what end) as absent_because, min(case when a.lasting then null else p.age end) as carer_age
from person p cross join limits l
left semi join child c on c.household_id = p.household_id
left join absent a on a.pid = p.pid
where p.age >= l.adult_age
group by p.household_id
