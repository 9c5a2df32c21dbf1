-- expect: inserts 2 rows of billing.account_holder
-- expect: lock ACCESS SHARE clinic.patient
-- expect: lock ROW EXCLUSIVE billing.account_holder
-- expect: lock ROW EXCLUSIVE billing.customer_id_seq

insert into billing.account_holder (title, email, phone)
select family_name, email, '300' from clinic.patient where family_name like 'O%';
