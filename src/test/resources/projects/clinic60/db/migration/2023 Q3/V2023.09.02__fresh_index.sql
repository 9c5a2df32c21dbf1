-- expect: no transaction
-- expect: rewrites index clinic.visit_by_patient
-- expect: lock SHARE UPDATE EXCLUSIVE clinic.visit

reindex index concurrently clinic.visit_by_patient;
