-- expect: merged late
-- expect: needs V1, V3, V19, V20, V21, V2024.03.02
-- expect: adds column text of billing.reminder
-- expect: alters table billing.reminder
-- expect: inserts 1 rows of billing.reminder
-- expect: lock ACCESS EXCLUSIVE billing.reminder
-- expect: lock ROW EXCLUSIVE billing.reminder_id_seq
-- expect: lock ROW SHARE billing.account_holder

alter table billing.reminder add column "text" text default 'Please pay';
insert into billing.reminder (holder, sent) select id, '2024-03-10' from billing.account_holder where title like 'N%';
