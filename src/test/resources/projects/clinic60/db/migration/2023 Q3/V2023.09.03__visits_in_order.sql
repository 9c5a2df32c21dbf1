-- expect: needs V2, V3, V6
-- expect: alters index clinic.visit_by_patient
-- expect: rewrites table clinic.visit
-- expect: lock ACCESS EXCLUSIVE clinic.visit

cluster clinic.visit using visit_by_patient;
