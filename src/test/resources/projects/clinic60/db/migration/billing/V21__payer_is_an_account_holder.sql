-- expect: needs V1, V19, V20
-- expect: renames column name of billing.account_holder to title
-- expect: renames table billing.payer to billing.account_holder
-- expect: alters table billing.account_holder
-- expect: lock ACCESS EXCLUSIVE billing.payer

alter table billing.payer rename to account_holder;
alter table billing.account_holder rename column name to title;
alter table billing.account_holder rename constraint customer_pkey to account_holder_pkey;
