-- What the clinic wrote between the release and the call, the same at every run.
insert into medications.patient (id, full_name, born_on)
select 12000 + n, 'Walk-in ' || n, date '1990-05-17' + n from generate_series(1, 7) n;

insert into medications.prescription (patient_id, medication_id, prescriber_id, dose, instructions, prescribed_at)
select 12000 + 1 + n % 7, n % 252, 1 + n % 600, 1, 'Take 1 every 12 hours', timestamptz '2025-06-06 17:51:00+00' + n * interval '9 s'
  from generate_series(1, 38) n;

insert into medications.dispensing (prescription_id, dispensed_at, quantity)
select p.id, p.prescribed_at + interval '70 s', 20
  from medications.prescription p
 where p.patient_id > 12000;
