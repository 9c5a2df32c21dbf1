-- expect: needs V2, V15
-- expect: renames table clinic.measurement_2022 to clinic.measurement_archive
-- expect: alters index clinic.measurement_2022_kind_idx
-- expect: alters table clinic.measurement_archive
-- expect: lock ACCESS EXCLUSIVE clinic.measurement
-- expect: lock ACCESS EXCLUSIVE clinic.measurement_2022
-- expect: lock ACCESS EXCLUSIVE clinic.measurement_other
-- expect: lock SHARE ROW EXCLUSIVE clinic.patient

alter table clinic.measurement detach partition clinic.measurement_2022;
alter table clinic.measurement_2022 rename to measurement_archive;
