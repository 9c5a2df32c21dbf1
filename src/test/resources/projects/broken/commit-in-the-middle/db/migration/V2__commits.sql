create table kept ();
commit;
create table lost ();
select 1 / 0;
