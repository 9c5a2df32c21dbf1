-- expect: needs V1
-- expect: creates index billing.customer_by_name
-- expect: creates sequence billing.customer_id_seq
-- expect: creates table billing.customer
-- expect: inserts 3 rows of billing.customer

create table billing.customer (
  id integer generated always as identity primary key,
  name text not null,
  mail text,
  phone varchar(30)
);
create index customer_by_name on billing.customer (lower(name));
insert into billing.customer (name, mail, phone) values
  ('Nord', 'ida@example.test', '100'), ('Süd', null, '200'), ('Insurance "Plus"', 'pay@example.test', null);
