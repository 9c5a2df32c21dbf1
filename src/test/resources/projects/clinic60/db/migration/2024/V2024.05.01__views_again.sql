-- expect: needs V2, V3, V6, V12, V14
-- expect: creates view clinic.patient_list
-- expect: alters view clinic.patient_name
-- expect: drops view clinic.child
-- expect: drops view clinic.patient_list
-- expect: lock ACCESS EXCLUSIVE clinic.child
-- expect: lock ACCESS EXCLUSIVE clinic.patient_list
-- expect: lock ACCESS EXCLUSIVE clinic.patient_name
-- expect: lock ACCESS SHARE clinic.patient

drop view clinic.patient_list cascade;
create or replace view clinic.patient_name as
  select p.id, clinic.full_name(p) as name, p.born, p.email from clinic.patient p;
create view clinic.patient_list with (security_barrier) as
  select n.id, n.name, n.email, clinic.age_on(n.born, date '2024-01-01') as age from clinic.patient_name n;
