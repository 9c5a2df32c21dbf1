alter table clinic.measurement_archive rename to measurement_2022;
alter table clinic.measurement attach partition clinic.measurement_2022
  for values from ('2022-01-01 00:00+00') to ('2023-01-01 00:00+00');
