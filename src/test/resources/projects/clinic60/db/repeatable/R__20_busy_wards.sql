-- expect: needs V2, V3, V6, R__10_ward_report
-- expect: creates function clinic.busiest()
-- expect: creates view clinic.busy_ward
-- expect: lock ACCESS SHARE clinic.visit
-- expect: lock ACCESS SHARE clinic.ward
-- expect: lock ACCESS SHARE clinic.ward_report

create or replace view clinic.busy_ward as
  select r.* from clinic.ward_report r where r.visits > 1;
create or replace function clinic.busiest() returns text language sql stable
  begin atomic
    select title from clinic.busy_ward order by visits desc, code limit 1;
  end;
