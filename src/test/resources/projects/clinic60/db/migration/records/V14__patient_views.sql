-- expect: needs V2, V3, V6, V12
-- expect: creates view clinic.child
-- expect: creates view clinic.patient_list
-- expect: creates view clinic.patient_name
-- expect: lock ACCESS SHARE clinic.patient
-- expect: lock ACCESS SHARE clinic.visit

create view clinic.patient_name as
  select p.id, clinic.full_name(p) as name, p.born from clinic.patient p;
create view clinic.patient_list as
  select n.id, n.name, clinic.age_on(n.born, date '2024-01-01') as age,
         (select count(*) from clinic.visit v where v.patient = n.id) as visits
    from clinic.patient_name n;
create view clinic.child as
  select * from clinic.patient_list where age < 18 with local check option;
