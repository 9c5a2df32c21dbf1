drop table clinic.appointment;
