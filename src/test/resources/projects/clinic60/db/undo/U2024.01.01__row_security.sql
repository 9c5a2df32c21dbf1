drop policy owner_writes on clinic.patient;
drop policy everybody_reads_adults on clinic.patient;
alter table clinic.patient disable row level security;
