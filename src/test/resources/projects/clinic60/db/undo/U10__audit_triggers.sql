drop trigger audit_visit on clinic.visit;
drop trigger audit_patient on clinic.patient;
