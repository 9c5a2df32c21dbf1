alter table orders alter column customer_key set not null;
