-- A large object has an owner that is not there, or pages without an object.
-- severity: error
-- hint: alter large object ... owner to ...; pages without an object: restore a backup beside, and compare
--
-- Pages are looked at by those who may read pg_largeobject.
select m.oid as object, 'no role has the number ' || m.lomowner as problem
  from pg_catalog.pg_largeobject_metadata m
 where not exists (select from pg_catalog.pg_roles r where r.oid = m.lomowner)
 union all
select p.loid, 'it has pages and is not there'
  from (select (pg_catalog.regexp_matches(
                  pg_catalog.query_to_xml(
                    'select distinct loid as object from pg_catalog.pg_largeobject p'
                      || ' where not exists (select from pg_catalog.pg_largeobject_metadata m where m.oid = p.loid) limit 1000',
                    false, true, '')::text,
                  '<object>([0-9]+)</object>', 'g'))[1]::oid as loid
         where pg_catalog.has_table_privilege('pg_catalog.pg_largeobject', 'select')) p
 order by 1
