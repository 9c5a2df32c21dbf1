-- expect: needs V1, V2
-- expect: adds column newsletter of clinic.patient
-- expect: adds column token of clinic.practitioner
-- expect: alters table clinic.patient
-- expect: alters table clinic.practitioner
-- expect: rewrites table clinic.practitioner
-- expect: lock ACCESS EXCLUSIVE clinic.patient
-- expect: lock ACCESS EXCLUSIVE clinic.practitioner

alter table clinic.patient add column newsletter boolean not null default false;
alter table clinic.practitioner add column token uuid not null default public.gen_random_uuid();
