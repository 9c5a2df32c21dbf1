-- expect: needs V1, V19, V20, V21, V23
-- expect: alters table billing.contact
-- expect: lock ROW SHARE billing.account_holder
-- expect: lock SHARE UPDATE EXCLUSIVE billing.contact

alter table billing.contact validate constraint contact_of_a_holder;
