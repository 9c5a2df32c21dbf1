-- expect: needs V1, V19, V20, V21
-- expect: alters table billing.account_holder
-- expect: drops column email of billing.account_holder
-- expect: drops column phone of billing.account_holder
-- expect: lock ACCESS EXCLUSIVE billing.account_holder

alter table billing.account_holder drop column email, drop column phone;
