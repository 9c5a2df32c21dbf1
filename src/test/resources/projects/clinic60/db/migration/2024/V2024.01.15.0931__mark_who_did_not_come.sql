-- expect: needs V1, V2, V3, V4, V5, V5.1, V6, V7, V11, V2024.01.15.0930
-- expect: creates index clinic.appointment_missed
-- expect: updates 2 rows of clinic.appointment
-- expect: lock SHARE clinic.appointment

update clinic.appointment set status = 'missed' where upper(during) < '2022-05-01 12:30+00';
create index appointment_missed on clinic.appointment (patient) where status = 'missed';
