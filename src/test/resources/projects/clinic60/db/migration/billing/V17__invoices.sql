-- expect: needs V1, V2
-- expect: creates table billing.invoice
-- expect: creates table billing.invoice_north
-- expect: creates table billing.invoice_rest
-- expect: creates type billing.address
-- expect: lock SHARE ROW EXCLUSIVE clinic.patient

create type ${billing}.address as (street text, town text, zip varchar(10));

create table ${billing}.invoice (
  number bigint not null,
  region text not null,
  patient bigint references clinic.patient on delete set null,
  send_to ${billing}.address,
  issued date not null,
  primary key (region, number)
) partition by list (region);
create table ${billing}.invoice_north partition of ${billing}.invoice for values in ('${Default_Region}', 'arctic');
create table ${billing}.invoice_rest partition of ${billing}.invoice default;
