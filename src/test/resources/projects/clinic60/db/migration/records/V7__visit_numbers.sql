-- expect: needs V2, V3, V6
-- expect: creates sequence clinic.visit_number
-- expect: alters table clinic.visit
-- expect: lock ACCESS EXCLUSIVE clinic.visit

create sequence clinic.visit_number start with 5000 increment by 5;
alter table clinic.visit alter column id set default nextval('clinic.visit_number');
alter sequence clinic.visit_number owned by clinic.visit.id;
