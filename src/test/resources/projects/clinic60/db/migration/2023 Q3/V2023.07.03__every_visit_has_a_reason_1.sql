-- expect: needs V1, V2, V3, V4, V5, V6, V7, V9, V10, V11
-- expect: alters table clinic.visit
-- expect: inserts 1 rows of clinic.audit
-- expect: updates 1 rows of clinic.visit
-- expect: lock ACCESS EXCLUSIVE clinic.visit
-- expect: lock ROW EXCLUSIVE clinic.audit
-- expect: lock ROW EXCLUSIVE clinic.audit_number_seq

update clinic.visit set reason = 'unknown' where reason is null;
alter table clinic.visit add constraint visit_has_a_reason check (reason is not null) not valid;
