-- expect: needs V2, V3, V6, V9, V12
-- expect: alters function clinic.write_audit()
-- expect: alters index clinic.visit_by_patient
-- expect: alters schema clinic
-- expect: alters table clinic.patient
-- expect: alters table clinic.practitioner
-- expect: alters table clinic.room
-- expect: alters table clinic.ward
-- expect: lock SHARE UPDATE EXCLUSIVE clinic.patient

grant usage on schema clinic to public;
grant select on clinic.ward, clinic.room to public;
grant select (id, name), update (name) on clinic.practitioner to ${reader};
revoke all on function clinic.write_audit() from public;
comment on column clinic.patient.born is E'Day of birth\nin the local calendar';
comment on index clinic.visit_by_patient is 'for clinic.visits_of';
comment on function clinic.age_on(date, date) is null;
