-- expect: creates index clinic.room_by_beds
-- expect: creates table clinic.room
-- expect: creates table clinic.ward

create table clinic.ward (
  code char(3) primary key,
  title text not null,
  beds integer not null check (beds >= 0)
);

create table clinic.room (
  ward char(3) not null references clinic.ward,
  number smallint not null,
  beds smallint not null default 2,
  primary key (ward, number)
);
create index room_by_beds on clinic.room (beds);
