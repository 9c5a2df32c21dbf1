-- expect: needs V1, V2, V3, V4, V5, V6, V7, V11, V2024.02.01
-- expect: creates index clinic.event_body
-- expect: updates 4 rows of clinic.event
-- expect: lock SHARE clinic.event

update clinic.event
   set body = body - 'ward' || jsonb_build_object('place', jsonb_build_object('ward', body -> 'ward'), 'v', 2)
 where body ->> 'type' = 'arrived' and (body ->> 'v')::integer = 1;
create index event_body on clinic.event using gin (body jsonb_path_ops);
