-- expect: creates sequence clinic.patient_id_seq
-- expect: creates sequence clinic.practitioner_id_seq
-- expect: creates table clinic.patient
-- expect: creates table clinic.practitioner
-- expect: creates type clinic.email
-- expect: creates type clinic.sex

create domain clinic.email as text
  constraint email_has_an_at check (value ~ '^[^@\s]+@[^@\s]+$');

create type clinic.sex as enum ('female', 'male', 'unknown');

create table clinic.patient (
  id bigint generated always as identity primary key,
  given_name text not null,
  family_name text not null,
  born date not null,
  sex clinic.sex not null default 'unknown',
  email clinic.email,
  note text
);

create table clinic.practitioner (
  id serial primary key,
  name text not null unique,
  licence varchar(20)
);
comment on table clinic.patient is 'Whoever was here once; semicolons; and ''quotes'' are fine';
