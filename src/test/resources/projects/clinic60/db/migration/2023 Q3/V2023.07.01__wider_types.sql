-- expect: needs V2, V3, V6, V9, V10, V12
-- expect: creates trigger audit_visit on clinic.visit
-- expect: alters table clinic.practitioner
-- expect: alters table clinic.visit
-- expect: drops function clinic.visits_of(bigint)
-- expect: drops trigger audit_visit on clinic.visit
-- expect: lock ACCESS EXCLUSIVE clinic.practitioner
-- expect: lock ACCESS EXCLUSIVE clinic.visit

-- A trigger that names the column, and a function with a body that the server knows, hold its type.
drop trigger audit_visit on clinic.visit;
drop function clinic.visits_of(bigint);
alter table clinic.visit alter column reason type text;
alter table clinic.practitioner alter column licence type varchar(40);
create trigger audit_visit after update of left_at, reason or delete on clinic.visit
  for each row when (pg_trigger_depth() = 0) execute function clinic.write_audit();
