drop index medications.medication_storage;
alter table medications.medication drop column storage;
