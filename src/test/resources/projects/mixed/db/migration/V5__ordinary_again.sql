-- expect: drops table public.parcel_log
-- expect: deletes 2 rows of public.parcel
-- expect: lock ACCESS EXCLUSIVE public.parcel
-- expect: lock ACCESS EXCLUSIVE public.parcel_log

delete from parcel where weight >= 190;
drop table parcel_log;
