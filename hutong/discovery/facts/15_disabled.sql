-- Who holds a certificate of disability, once each.
select distinct pid from disability where pid is not null
