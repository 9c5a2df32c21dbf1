-- expect: needs V2, V3, V6, V12
-- expect: creates policy everybody_reads_adults on clinic.patient
-- expect: creates policy owner_writes on clinic.patient
-- expect: alters table clinic.patient
-- expect: lock ACCESS EXCLUSIVE clinic.patient

alter table clinic.patient enable row level security;
create policy everybody_reads_adults on clinic.patient for select to public
  using (not clinic.is_child(born));
create policy owner_writes on clinic.patient as permissive for all to current_user using (true) with check (true);
