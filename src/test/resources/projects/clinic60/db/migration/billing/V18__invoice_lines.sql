-- expect: needs V1, V2, V3, V4, V5, V6, V7, V11, V17
-- expect: creates table billing.line
-- expect: inserts 1 rows of billing.invoice_north
-- expect: inserts 1 rows of billing.invoice_rest
-- expect: inserts 3 rows of billing.line
-- expect: lock ROW SHARE clinic.patient
-- expect: lock SHARE ROW EXCLUSIVE billing.invoice
-- expect: lock SHARE ROW EXCLUSIVE billing.invoice_north
-- expect: lock SHARE ROW EXCLUSIVE billing.invoice_rest

create table ${billing}.line (
  region text not null,
  invoice bigint not null,
  position smallint not null,
  amount integer not null default 1,
  price numeric(10, 2) not null,
  total numeric generated always as (amount * price) stored,
  primary key (region, invoice, position),
  foreign key (region, invoice) references ${billing}.invoice (region, number) on delete cascade
);
insert into ${billing}.invoice
  values (1, '${Default_Region}', 1, row('Kai 1', 'Port', '10115'), '2022-06-30'), (2, 'south', 2, null, '2022-07-31');
insert into ${billing}.line (region, invoice, position, amount, price) values
  ('north', 1, 1, 2, 10.50), ('north', 1, 2, 1, 3.00), ('south', 2, 1, 1, 99.99);
