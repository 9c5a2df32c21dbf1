-- expect: merged late
-- expect: needs V2, V3, V4
-- expect: adds column nurse of clinic.ward
-- expect: alters table clinic.ward
-- expect: updates 3 rows of clinic.ward
-- expect: lock ACCESS EXCLUSIVE clinic.ward
-- expect: lock SHARE ROW EXCLUSIVE clinic.practitioner

alter table clinic.ward add column nurse integer references clinic.practitioner (id);
update clinic.ward set nurse = (select min(id) from clinic.practitioner);
