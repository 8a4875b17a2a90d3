-- Children who share a father or a mother, each pair both ways. `twins`: born on the same day or the next.
select a.pid, b.pid as sibling, abs(datediff(a.birth_date, b.birth_date)) <= 1 as twins
from child a join child b on b.mother = a.mother and b.pid <> a.pid
union
select a.pid, b.pid, abs(datediff(a.birth_date, b.birth_date)) <= 1
from child a join child b on b.father = a.father and b.pid <> a.pid
