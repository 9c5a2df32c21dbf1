drop table clinic.visit;
