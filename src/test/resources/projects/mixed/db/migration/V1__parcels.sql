-- expect: creates table public.parcel
-- expect: creates table public.parcel_log

create table parcel (id integer primary key, weight integer, state text not null default 'new');
create table parcel_log (parcel integer references parcel, at timestamptz default now());
