-- expect: needs V1, V2, V3, V4, V5, V6, V7, V11, V15
-- expect: inserts 4 rows of clinic.measurement_2022
-- expect: inserts 4 rows of clinic.measurement_2023
-- expect: inserts 4 rows of clinic.measurement_other
-- expect: lock ROW EXCLUSIVE clinic.measurement
-- expect: lock ROW EXCLUSIVE clinic.measurement_2022
-- expect: lock ROW EXCLUSIVE clinic.measurement_2023
-- expect: lock ROW EXCLUSIVE clinic.measurement_other
-- expect: lock ROW SHARE clinic.patient

insert into clinic.measurement (patient, taken, kind, value)
select p.id, day, 'pulse', 60 + p.id
  from clinic.patient p,
       unnest(array['2021-06-01 12:00+00', '2022-06-01 12:00+00', '2023-06-01 12:00+00']::timestamptz[]) day;
