-- expect: needs V1, V19
-- expect: renames column mail of billing.payer to email
-- expect: renames index billing.customer_by_name to billing.payer_by_name
-- expect: renames table billing.customer to billing.payer
-- expect: alters table billing.payer
-- expect: lock ACCESS EXCLUSIVE billing.customer

alter table billing.customer rename to payer;
alter table billing.payer rename column mail to email;
alter index billing.customer_by_name rename to payer_by_name;
