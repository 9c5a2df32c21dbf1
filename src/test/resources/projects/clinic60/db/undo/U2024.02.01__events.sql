drop table clinic.event;
