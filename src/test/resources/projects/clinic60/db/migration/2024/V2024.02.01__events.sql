-- expect: needs V1, V2, V3, V4, V5, V6, V7, V11
-- expect: creates sequence clinic.event_number_seq
-- expect: creates table clinic.event
-- expect: inserts 4 rows of clinic.event
-- expect: lock ACCESS SHARE clinic.visit

create table clinic.event (
  number bigserial primary key,
  stream text not null,
  version integer not null,
  body jsonb not null,
  unique (stream, version)
);
insert into clinic.event (stream, version, body)
select 'visit-' || id, 1, jsonb_build_object('type', 'arrived', 'ward', trim(ward), 'v', 1) from clinic.visit;
