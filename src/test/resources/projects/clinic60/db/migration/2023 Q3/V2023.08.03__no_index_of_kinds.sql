-- expect: no transaction
-- expect: needs V3
-- expect: drops index clinic.room_by_beds
-- expect: lock SHARE UPDATE EXCLUSIVE clinic.room

drop index concurrently clinic.room_by_beds;
