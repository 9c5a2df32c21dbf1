-- expect: alters table billing.contact
-- expect: lock ROW SHARE billing.account_holder
-- expect: lock SHARE UPDATE EXCLUSIVE billing.contact

alter table billing.contact validate constraint contact_of_a_holder;
