-- expect: needs V1, V2, V3, V4, V5, V6, V7, V11, V19, V20, V21, V22
-- expect: creates table billing.contact
-- expect: inserts 5 rows of billing.contact
-- expect: lock SHARE ROW EXCLUSIVE billing.account_holder

create table billing.contact (
  holder integer primary key,
  email text,
  phone text
);
insert into billing.contact (holder, email, phone)
select id, email, phone from billing.account_holder where email is not null or phone is not null;
alter table billing.contact
  add constraint contact_of_a_holder foreign key (holder) references billing.account_holder not valid;
