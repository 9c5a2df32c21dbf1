-- expect: needs V1, V2, V3, V4, V5, V6, V7, V9, V10, V11, V12, V2023.07.02
-- expect: creates procedure clinic.discharge(bigint,timestamp with time zone)
-- expect: alters function clinic.age_on(pg_catalog.date,pg_catalog.date)
-- expect: drops function clinic.visits_of(bigint)
-- expect: inserts 1 rows of clinic.audit
-- expect: updates 1 rows of clinic.visit
-- expect: lock ROW EXCLUSIVE clinic.audit
-- expect: lock ROW EXCLUSIVE clinic.audit_number_seq
-- expect: lock ROW EXCLUSIVE clinic.visit

create procedure clinic.discharge(visit_id bigint, inout at timestamptz default null)
  language plpgsql as $$
begin
  at := coalesce(at, '2022-12-31 23:59+00');
  update clinic.visit set left_at = at where id = visit_id;
end $$;
call clinic.discharge(5000);
create or replace function clinic.age_on(born date, day date) returns integer
  language sql immutable strict parallel safe as 'select date_part(''year'', age(day, born))::integer';
drop function clinic.visits_of(bigint);
