begin;
insert into orders values (3, 'Cy');
prepare transaction 'belay_wild_prepared';
alter table orders add column behind_the_prepared_one integer;
