alter table medications.medication add column storage text;
create index medication_storage on medications.medication (storage);
