-- Interactions are checked against everything that a patient has.
alter table medications.prescription add column secondary_diagnoses text[] not null default '{}';
