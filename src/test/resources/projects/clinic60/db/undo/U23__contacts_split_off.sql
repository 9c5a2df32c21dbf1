drop table billing.contact;
