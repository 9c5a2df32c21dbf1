drop table clinic.measurement;
