-- What needs what: a view its tables through its rule, a column's default its functions.
select distinct coalesce(h.class, d.classid) as class, coalesce(h.oid, d.objid) as oid,
       coalesce(r.class, d.refclassid) as "needed class", coalesce(r.oid, d.refobjid) as "needed oid"
  from pg_catalog.pg_depend d
  left join (select 'pg_catalog.pg_rewrite'::regclass::oid as held, w.oid as held_oid,
                    'pg_catalog.pg_class'::regclass::oid as class, w.ev_class as oid
               from pg_catalog.pg_rewrite w where w.oid >= 16384 and w.rulename = '_RETURN'
             union all
             select 'pg_catalog.pg_attrdef'::regclass, a.oid, 'pg_catalog.pg_class'::regclass, a.adrelid
               from pg_catalog.pg_attrdef a) h
    on h.held = d.classid and h.held_oid = d.objid
  left join (select t.oid as held_oid, 'pg_catalog.pg_type'::regclass::oid as held,
                    'pg_catalog.pg_class'::regclass::oid as class,
                    t.typrelid as oid
               from pg_catalog.pg_type t join pg_catalog.pg_class c on c.oid = t.typrelid
              where c.relkind <> 'c'
             union all
             select t.typarray, 'pg_catalog.pg_type'::regclass, 'pg_catalog.pg_type'::regclass, t.oid
               from pg_catalog.pg_type t left join pg_catalog.pg_class c on c.oid = t.typrelid
              where t.typarray >= 16384 and (t.typrelid = 0 or c.relkind = 'c')
             union all
             select k.conindid, 'pg_catalog.pg_class'::regclass, 'pg_catalog.pg_constraint'::regclass, k.oid
               from pg_catalog.pg_constraint k where k.contype in ('p', 'u', 'x')) r
    on d.refclassid = r.held and r.held_oid = d.refobjid
 where d.deptype = 'n' and d.refobjid >= 16384 and d.objid >= 16384
   and d.refclassid <> 'pg_catalog.pg_namespace'::regclass
   and (coalesce(h.class, d.classid), coalesce(h.oid, d.objid))
       <> (coalesce(r.class, d.refclassid), coalesce(r.oid, d.refobjid))
