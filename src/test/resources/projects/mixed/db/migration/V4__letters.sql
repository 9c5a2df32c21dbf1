-- expect: no transaction
-- expect: alters type public.parcel_kind
-- expect: lock SHARE UPDATE EXCLUSIVE public.parcel

alter type parcel_kind add value 'letter';
update parcel set kind = 'letter' where weight < 30;
vacuum parcel;
