alter table billing.staging set schema clinic;
alter table clinic.staging set unlogged;
