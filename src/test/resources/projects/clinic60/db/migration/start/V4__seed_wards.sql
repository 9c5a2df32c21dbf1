-- expect: needs V3
-- expect: inserts 3 rows of clinic.ward
-- expect: inserts 4 rows of clinic.room
-- expect: updates 1 rows of clinic.ward
-- expect: lock ROW EXCLUSIVE clinic.room
-- expect: lock ROW EXCLUSIVE clinic.ward

insert into clinic.ward (code, title, beds) values
  ('INT', 'Internal medicine', 40),
  ('SUR', 'Surgery; day and night', 24),
  ('PED', 'Children''s ward', 18);

copy clinic.room (ward, number, beds) from stdin;
INT	101	3
INT	102	2
SUR	201	1
PED	301	4
\.

update clinic.ward set beds = beds + 2 where code = 'INT';
