-- expect: needs V1, V2, V3, V4, V5, V6, V7, V11, V19, V20, V21
-- expect: inserts 2 rows of billing.account_holder
-- expect: lock ACCESS SHARE clinic.patient
-- expect: lock ROW EXCLUSIVE billing.account_holder
-- expect: lock ROW EXCLUSIVE billing.customer_id_seq

insert into billing.account_holder (title, email, phone)
select family_name, email, '300' from clinic.patient where family_name like 'O%';
