-- expect: creates view billing.open_invoice
-- expect: lock ACCESS SHARE billing.invoice
-- expect: lock ACCESS SHARE billing.line

create or replace view ${billing}.open_invoice as
  select i.region, i.number, sum(l.total) as total
    from ${billing}.invoice i join ${billing}.line l on (l.region, l.invoice) = (i.region, i.number)
   group by i.region, i.number;
comment on view ${billing}.open_invoice is 'Made by ${flyway:filename}';
