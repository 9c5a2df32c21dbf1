-- expect: needs V1, V2, V8, V9
-- expect: alters table clinic.patient
-- expect: drops column note of clinic.patient
-- expect: drops table "Lab Results"."UPPER"
-- expect: rewrites table clinic.audit
-- expect: empties 5 rows of clinic.audit
-- expect: lock ACCESS EXCLUSIVE "Lab Results"."UPPER"
-- expect: lock ACCESS EXCLUSIVE clinic.audit
-- expect: lock ACCESS EXCLUSIVE clinic.audit_number_seq
-- expect: lock ACCESS EXCLUSIVE clinic.patient

truncate clinic.audit restart identity;
alter table clinic.patient drop column note;
drop table "Lab Results"."UPPER";
