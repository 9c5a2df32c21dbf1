-- expect: needs V2, V3
-- expect: creates index clinic.visit_by_patient
-- expect: creates table clinic.visit
-- expect: lock SHARE ROW EXCLUSIVE clinic.patient
-- expect: lock SHARE ROW EXCLUSIVE clinic.room

create table clinic.visit (
  id integer primary key,
  patient bigint not null references clinic.patient (id),
  ward char(3) not null,
  room smallint,
  arrived timestamptz not null default '2022-01-01 00:00+00',
  left_at timestamptz,
  reason varchar(200),
  foreign key (ward, room) references clinic.room (ward, number),
  check (left_at is null or left_at >= arrived)
);
create index visit_by_patient on clinic.visit (patient, arrived desc);
