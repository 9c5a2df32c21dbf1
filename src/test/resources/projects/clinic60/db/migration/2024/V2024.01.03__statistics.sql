-- expect: needs V2, V3, V6
-- expect: creates statistics object clinic.visit_ward_and_room
-- expect: alters table clinic.visit
-- expect: lock SHARE UPDATE EXCLUSIVE clinic.visit

create statistics clinic.visit_ward_and_room (dependencies, ndistinct) on ward, room from clinic.visit;
alter table clinic.visit alter column ward set statistics 500;
analyze clinic.visit;
