-- expect: needs V2, V15
-- expect: creates index clinic.measurement_2024_kind_idx
-- expect: creates index clinic.measurement_2025_kind_idx
-- expect: creates table clinic.measurement_2024
-- expect: creates table clinic.measurement_2025
-- expect: lock ACCESS EXCLUSIVE clinic.measurement
-- expect: lock ACCESS EXCLUSIVE clinic.measurement_other
-- expect: lock SHARE ROW EXCLUSIVE clinic.patient

do $do$
declare
  year integer;
begin
  for year in 2024..2025 loop
    execute format(
      'create table clinic.%I partition of clinic.measurement for values from (%L) to (%L)',
      'measurement_' || year, year || '-01-01 00:00+00', year + 1 || '-01-01 00:00+00');
  end loop;
  if exists (select from pg_class where relname = 'no such table; drop') then
    raise exception 'this never happens';
  end if;
end
$do$;
