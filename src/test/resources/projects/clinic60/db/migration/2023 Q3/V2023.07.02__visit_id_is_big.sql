-- expect: needs V2, V3, V6, V9, V10, V2023.07.01
-- expect: creates function clinic.visits_of(bigint)
-- expect: alters table clinic.visit
-- expect: rewrites table clinic.visit
-- expect: lock ACCESS EXCLUSIVE clinic.visit
-- expect: lock ACCESS SHARE clinic.visit_number

alter table clinic.visit alter column id type bigint;
create function clinic.visits_of(patient_id bigint) returns setof clinic.visit
  language sql stable as 'select v.* from clinic.visit v where v.patient = patient_id order by v.arrived';
