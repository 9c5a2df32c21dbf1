alter table medications.prescription add column secondary_diagnoses text[] not null default '{}';
