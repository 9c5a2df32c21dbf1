-- expect: creates type public.parcel_kind
-- expect: adds column kind of public.parcel
-- expect: alters table public.parcel
-- expect: lock ACCESS EXCLUSIVE public.parcel

create type parcel_kind as enum ('box', 'tube');
alter table parcel add column kind parcel_kind not null default 'box';
