alter table orders add column late integer;
select pg_sleep(3600);
