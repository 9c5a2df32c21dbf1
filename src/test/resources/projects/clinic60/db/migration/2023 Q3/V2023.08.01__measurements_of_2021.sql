-- expect: needs V1, V2, V3, V4, V5, V6, V7, V11, V15, V16
-- expect: creates index clinic.measurement_2021_kind_idx
-- expect: creates table clinic.measurement_2021
-- expect: inserts 4 rows of clinic.measurement_2021
-- expect: deletes 4 rows of clinic.measurement_other
-- expect: lock ACCESS EXCLUSIVE clinic.measurement_other
-- expect: lock SHARE ROW EXCLUSIVE clinic.patient
-- expect: lock SHARE UPDATE EXCLUSIVE clinic.measurement

create table clinic.measurement_2021 (like clinic.measurement including defaults including constraints);
with moved as (
  delete from clinic.measurement_other where taken < '2022-01-01 00:00+00' returning *)
insert into clinic.measurement_2021 select * from moved;
alter table clinic.measurement_2021 add constraint only_2021
  check (taken >= '2021-01-01 00:00+00' and taken < '2022-01-01 00:00+00');
alter table clinic.measurement attach partition clinic.measurement_2021
  for values from ('2021-01-01 00:00+00') to ('2022-01-01 00:00+00');
alter table clinic.measurement_2021 drop constraint only_2021;
