-- Tidy up: secondary diagnoses moved to the patient file last spring, nobody reads the column any more.
alter table medications.prescription drop column secondary_diagnoses;

-- Prescriptions without an instruction in the new form are drafts.
delete from medications.prescription where instructions not like 'Take%';
