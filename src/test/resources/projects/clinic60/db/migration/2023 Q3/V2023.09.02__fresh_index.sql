-- expect: no transaction
-- expect: needs V2, V3, V6
-- expect: rewrites index clinic.visit_by_patient
-- expect: lock SHARE UPDATE EXCLUSIVE clinic.visit

reindex index concurrently clinic.visit_by_patient;
