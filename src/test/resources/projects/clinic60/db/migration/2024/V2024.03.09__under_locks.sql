-- expect: needs V3, V4
-- expect: updates 3 rows of clinic.room
-- expect: lock EXCLUSIVE clinic.room
-- expect: lock SHARE ROW EXCLUSIVE clinic.ward

select pg_advisory_xact_lock(hashtext('wards'));
lock table clinic.ward in share row exclusive mode;
lock table only clinic.room in exclusive mode;
update clinic.room r set beds = r.beds + 1
  from clinic.ward w where w.code = r.ward and w.beds > 20;
