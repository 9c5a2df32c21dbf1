-- The sequence goes by itself with what depends on it; the default must go first.
alter table clinic.visit alter column id drop default;
drop sequence clinic.visit_number;
