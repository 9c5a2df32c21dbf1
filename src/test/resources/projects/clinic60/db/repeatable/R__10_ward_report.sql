-- expect: needs V2, V3, V6
-- expect: creates view clinic.ward_report
-- expect: lock ACCESS SHARE clinic.visit
-- expect: lock ACCESS SHARE clinic.ward

create or replace view clinic.ward_report as
  select w.code, w.title, count(v.id) as visits
    from clinic.ward w left join clinic.visit v on v.ward = w.code group by w.code, w.title;
