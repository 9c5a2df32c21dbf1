-- expect: needs V2, V3, V6, V9
-- expect: creates trigger audit_patient on clinic.patient
-- expect: creates trigger audit_visit on clinic.visit
-- expect: lock SHARE ROW EXCLUSIVE clinic.patient
-- expect: lock SHARE ROW EXCLUSIVE clinic.visit

create trigger audit_patient after insert or update or delete on clinic.patient
  for each row execute function clinic.write_audit();
create trigger audit_visit after update of left_at, reason or delete on clinic.visit
  for each row when (pg_trigger_depth() = 0) execute function clinic.write_audit();
