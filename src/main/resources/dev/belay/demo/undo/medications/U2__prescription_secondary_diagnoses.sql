alter table medications.prescription drop column secondary_diagnoses;
