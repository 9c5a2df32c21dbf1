alter table billing.account_holder rename column title to name;
alter table billing.account_holder rename to payer;
