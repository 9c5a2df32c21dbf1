-- expect: needs V1, V2024.09.01
-- expect: renames table clinic.staging to billing.staging
-- expect: alters table billing.staging
-- expect: rewrites table clinic.staging
-- expect: lock ACCESS EXCLUSIVE clinic.staging

alter table clinic.staging set logged;
alter table clinic.staging set schema billing;
