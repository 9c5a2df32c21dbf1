-- expect: creates view clinic."Übersicht der Räume"
-- expect: lock ACCESS SHARE clinic.room

create or replace view clinic."Übersicht der Räume" as
  select r.ward, r.number, r.beds as "Anzahl Betten" from clinic.room r;
