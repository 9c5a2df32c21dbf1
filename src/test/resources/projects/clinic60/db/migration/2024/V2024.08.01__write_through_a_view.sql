-- expect: needs V1, V2, V3, V4, V5, V6, V7, V9, V10, V11, V12, V14, V19, V20, V21
-- expect: creates function clinic.rename_patient()
-- expect: creates trigger rename_through_the_view on clinic.patient_list
-- expect: alters table billing.account_holder
-- expect: inserts 1 rows of clinic.audit
-- expect: updates 1 rows of clinic.patient
-- expect: lock ACCESS EXCLUSIVE billing.account_holder
-- expect: lock ACCESS SHARE clinic.patient_name
-- expect: lock ROW EXCLUSIVE clinic.audit
-- expect: lock ROW EXCLUSIVE clinic.audit_number_seq
-- expect: lock ROW EXCLUSIVE clinic.patient
-- expect: lock SHARE ROW EXCLUSIVE clinic.patient_list

create function clinic.rename_patient() returns trigger language plpgsql as $$
begin
  update clinic.patient set family_name = new.name where id = old.id;
  return new;
end $$;
create trigger rename_through_the_view instead of update on clinic.patient_list
  for each row execute function clinic.rename_patient();
create rule nobody_deletes as on delete to billing.account_holder do instead nothing;
update clinic.patient_list set name = 'Westen' where name = 'Una O''West';
delete from billing.account_holder;
