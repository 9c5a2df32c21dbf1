-- expect: needs V2, V3, V6, R__10_ward_report, R__20_busy_wards, R__40_rights
-- expect: creates view clinic."Übersicht der Räume"
-- expect: lock ACCESS SHARE clinic.room

create or replace view clinic."Übersicht der Räume" as
  select r.ward, r.number, r.beds as "Anzahl Betten" from clinic.room r;
