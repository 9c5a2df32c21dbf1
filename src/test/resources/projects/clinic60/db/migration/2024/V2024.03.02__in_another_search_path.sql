-- expect: needs V1, V3, V4, V19, V20, V21
-- expect: creates sequence billing.reminder_id_seq
-- expect: creates table billing.reminder
-- expect: adds column floor of clinic.ward
-- expect: alters table clinic.ward
-- expect: updates 3 rows of clinic.ward
-- expect: lock ACCESS EXCLUSIVE clinic.ward
-- expect: lock SHARE ROW EXCLUSIVE billing.account_holder

select set_config('search_path', 'billing, public', true);
create table reminder (
  id serial primary key,
  holder integer not null references account_holder,
  sent date
);
set local search_path = clinic;
alter table ward add column floor integer;
set local lock_timeout = '5s';
update ward set floor = length(title) % 4;
