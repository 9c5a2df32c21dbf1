drop table clinic.room;
drop table clinic.ward;
