-- expect: no transaction
-- expect: creates index public.parcel_by_weight
-- expect: adds column colour of public.parcel
-- expect: alters table public.parcel
-- expect: lock ACCESS EXCLUSIVE public.parcel

insert into parcel (id, weight) select n, n * 10 from generate_series(1, 20) n;
alter table parcel add column colour text;
create index concurrently parcel_by_weight on parcel (weight);
update parcel set colour = 'brown' where weight > 100;
