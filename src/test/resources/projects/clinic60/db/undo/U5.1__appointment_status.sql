alter table clinic.appointment drop column status;
drop type clinic.appointment_status;
