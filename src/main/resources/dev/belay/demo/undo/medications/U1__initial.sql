drop table medications.prescription;
drop table medications.patient;
drop table medications.medication;
