drop function clinic.write_audit();
drop table clinic.audit;
