alter table billing.account_holder add column email text, add column phone text;
