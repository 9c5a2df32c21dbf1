-- expect: needs V1, V2, V5
-- expect: creates type clinic.appointment_status
-- expect: adds column status of clinic.appointment
-- expect: alters table clinic.appointment
-- expect: lock ACCESS EXCLUSIVE clinic.appointment

create type clinic.appointment_status as enum ('booked', 'arrived', 'done');
alter table clinic.appointment
  add column status clinic.appointment_status not null default 'booked';
