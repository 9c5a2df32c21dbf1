alter table clinic.practitioner drop column token;
alter table clinic.patient drop column newsletter;
