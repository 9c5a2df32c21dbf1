alter table clinic.ward drop column level;
drop table billing.reminder;
