-- expect: needs V2
-- expect: creates index clinic.measurement_2022_kind_idx
-- expect: creates index clinic.measurement_2023_kind_idx
-- expect: creates index clinic.measurement_by_kind
-- expect: creates index clinic.measurement_other_kind_idx
-- expect: creates table clinic.measurement
-- expect: creates table clinic.measurement_2022
-- expect: creates table clinic.measurement_2023
-- expect: creates table clinic.measurement_other
-- expect: lock SHARE ROW EXCLUSIVE clinic.patient

create table clinic.measurement (
  patient bigint not null references clinic.patient,
  taken timestamptz not null,
  kind text not null,
  value numeric not null,
  primary key (patient, taken, kind)
) partition by range (taken);
create table clinic.measurement_2022 partition of clinic.measurement
  for values from ('2022-01-01 00:00+00') to ('2023-01-01 00:00+00');
create table clinic.measurement_2023 partition of clinic.measurement
  for values from ('2023-01-01 00:00+00') to ('2024-01-01 00:00+00');
create table clinic.measurement_other partition of clinic.measurement default;
create index measurement_by_kind on clinic.measurement (kind);
