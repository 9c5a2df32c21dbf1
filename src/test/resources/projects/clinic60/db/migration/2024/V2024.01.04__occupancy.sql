-- expect: needs V2, V3, V6
-- expect: creates index clinic.occupancy_code
-- expect: creates materialized view clinic.occupancy
-- expect: lock ACCESS SHARE clinic.visit
-- expect: lock ACCESS SHARE clinic.ward

create materialized view clinic.occupancy as
  select w.code, w.title, count(v.id) as visits
    from clinic.ward w left join clinic.visit v on v.ward = w.code
   group by w.code, w.title
  with no data;
create unique index occupancy_code on clinic.occupancy (code);
