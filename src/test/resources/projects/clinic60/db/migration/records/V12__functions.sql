-- expect: needs V2, V3, V6
-- expect: creates function clinic.age_on(pg_catalog.date,pg_catalog.date)
-- expect: creates function clinic.full_name(clinic.patient)
-- expect: creates function clinic.is_child(pg_catalog.date)
-- expect: creates function clinic.visits_of(bigint)
-- expect: lock ACCESS SHARE clinic.patient
-- expect: lock ACCESS SHARE clinic.visit

create function clinic.age_on(born date, day date) returns integer
  language sql immutable strict as 'select extract(year from age(day, born))::integer';

create function clinic.full_name(who clinic.patient) returns text
  language sql stable
  begin atomic
    select who.given_name || ' ' || who.family_name;
  end;

create function clinic.visits_of(patient_id bigint) returns setof clinic.visit
  language sql stable
  begin atomic
    select v.* from clinic.visit v where v.patient = patient_id order by v.arrived;
  end;

create function clinic.is_child(born date) returns boolean language plpgsql immutable as '
begin
  return clinic.age_on(born, date ''2024-01-01'') < 18;
end';
