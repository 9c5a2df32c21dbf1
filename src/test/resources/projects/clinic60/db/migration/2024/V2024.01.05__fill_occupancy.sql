-- expect: needs V2, V3, V4, V6, V2024.01.04
-- expect: alters materialized view clinic.occupancy
-- expect: rewrites materialized view clinic.occupancy
-- expect: inserts 3 rows of clinic.occupancy
-- expect: lock ACCESS EXCLUSIVE clinic.occupancy
-- expect: lock ACCESS SHARE clinic.visit
-- expect: lock ACCESS SHARE clinic.ward

refresh materialized view clinic.occupancy;
