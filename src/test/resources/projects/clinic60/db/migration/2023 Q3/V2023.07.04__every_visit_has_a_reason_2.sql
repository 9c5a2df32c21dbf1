-- expect: needs V2, V3, V6, V2023.07.03
-- expect: alters table clinic.visit
-- expect: lock ACCESS EXCLUSIVE clinic.visit

alter table clinic.visit validate constraint visit_has_a_reason;
alter table clinic.visit alter column reason set not null;
alter table clinic.visit drop constraint visit_has_a_reason;
