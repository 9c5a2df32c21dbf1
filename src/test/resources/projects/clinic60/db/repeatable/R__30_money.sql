-- expect: needs V1, V2, V3, V4, V5, V6, V7, V11, V17, V18
-- expect: creates view billing.open_invoice
-- expect: lock ACCESS SHARE billing.invoice
-- expect: lock ACCESS SHARE billing.line

create or replace view ${billing}.open_invoice as
  select i.region, i.number, sum(l.total) as total
    from ${billing}.invoice i join ${billing}.line l on (l.region, l.invoice) = (i.region, i.number)
   group by i.region, i.number;
comment on view ${billing}.open_invoice is 'Made by ${flyway:filename}';
