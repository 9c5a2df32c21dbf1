alter index billing.payer_by_name rename to customer_by_name;
alter table billing.payer rename column email to mail;
alter table billing.payer rename to customer;
