-- expect: needs V1, V2, V3, V4, V5, V6, V7, V9, V10
-- expect: inserts 2 rows of clinic.practitioner
-- expect: inserts 4 rows of clinic.appointment
-- expect: inserts 4 rows of clinic.audit
-- expect: inserts 4 rows of clinic.patient
-- expect: inserts 4 rows of clinic.visit
-- expect: lock ROW EXCLUSIVE clinic.appointment
-- expect: lock ROW EXCLUSIVE clinic.appointment_id_seq
-- expect: lock ROW EXCLUSIVE clinic.audit
-- expect: lock ROW EXCLUSIVE clinic.audit_number_seq
-- expect: lock ROW EXCLUSIVE clinic.patient
-- expect: lock ROW EXCLUSIVE clinic.patient_id_seq
-- expect: lock ROW EXCLUSIVE clinic.practitioner
-- expect: lock ROW EXCLUSIVE clinic.practitioner_id_seq
-- expect: lock ROW EXCLUSIVE clinic.visit
-- expect: lock ROW EXCLUSIVE clinic.visit_number
-- expect: lock ROW SHARE clinic.room

insert into clinic.practitioner (name, licence) values
  ('Dr. Ada Ohm', 'A-1'), ('Dr. Bo Volt', 'B-2');
insert into clinic.patient (given_name, family_name, born, sex, email) values
  ('Ida', 'Nord', '1950-02-28', 'female', 'ida@example.test'),
  ('Ole', 'Süd', '1984-07-01', 'male', null),
  ('Una', 'O''West', '2001-12-31', 'female', 'una@example.test'),
  ('Kim', 'Ost', '2019-05-05', 'unknown', null);
insert into clinic.visit (patient, ward, room, arrived, left_at, reason)
select id, 'INT', 101, '2022-03-01 08:00+00'::timestamptz + id * interval '1 day', null,
       case family_name when 'Ost' then null else 'check; up' end
  from clinic.patient;
insert into clinic.appointment (patient, practitioner, during)
select p.id, d.id, tstzrange('2022-05-01 09:00+00'::timestamptz + p.id * interval '1 hour',
                             '2022-05-01 10:00+00'::timestamptz + p.id * interval '1 hour')
  from clinic.patient p cross join clinic.practitioner d where d.name = 'Dr. Ada Ohm';
