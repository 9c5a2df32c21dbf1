drop table clinic.practitioner, clinic.patient;
drop type clinic.sex;
drop domain clinic.email;
