-- expect: needs V1, V2, V3, V4, V5, V6, V7, V9, V10, V11, V15, V16, V2023.08.01, V2023.08.02
-- expect: alters table clinic.visit
-- expect: inserts 1 rows of clinic.audit
-- expect: deletes 1 rows of clinic.appointment
-- expect: deletes 1 rows of clinic.measurement_2021
-- expect: deletes 1 rows of clinic.measurement_2023
-- expect: deletes 1 rows of clinic.measurement_archive
-- expect: deletes 1 rows of clinic.patient
-- expect: deletes 1 rows of clinic.visit
-- expect: lock ACCESS EXCLUSIVE clinic.patient
-- expect: lock ACCESS EXCLUSIVE clinic.visit
-- expect: lock ROW EXCLUSIVE billing.invoice
-- expect: lock ROW EXCLUSIVE billing.invoice_north
-- expect: lock ROW EXCLUSIVE billing.invoice_rest
-- expect: lock ROW EXCLUSIVE clinic.appointment
-- expect: lock ROW EXCLUSIVE clinic.audit
-- expect: lock ROW EXCLUSIVE clinic.audit_number_seq
-- expect: lock ROW EXCLUSIVE clinic.measurement
-- expect: lock ROW EXCLUSIVE clinic.measurement_2021
-- expect: lock ROW EXCLUSIVE clinic.measurement_2023
-- expect: lock ROW EXCLUSIVE clinic.measurement_2024
-- expect: lock ROW EXCLUSIVE clinic.measurement_2025
-- expect: lock ROW EXCLUSIVE clinic.measurement_archive
-- expect: lock ROW EXCLUSIVE clinic.measurement_other

alter table clinic.visit drop constraint visit_patient_fkey;
alter table clinic.visit add foreign key (patient) references clinic.patient on delete cascade deferrable initially deferred;
delete from clinic.measurement where patient = 4;
delete from clinic.measurement_archive where patient = 4;
delete from clinic.appointment where patient = 4;
delete from clinic.patient where id = 4;
