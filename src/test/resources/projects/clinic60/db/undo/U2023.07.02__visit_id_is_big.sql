drop function clinic.visits_of(bigint);
alter table clinic.visit alter column id drop default;
alter table clinic.visit alter column id type integer;
