-- expect: needs V1
-- expect: creates index "Lab Results"."Ünïcode index, with spaces"
-- expect: creates schema "Lab Results"
-- expect: creates table "Lab Results"."Größe & ""Wert""; drop table x; --"
-- expect: creates table "Lab Results"."UPPER"
-- expect: creates table "Lab Results".this_name_has_exactly_sixty_three_bytes_which_is_as_long_as_any
-- expect: inserts 2 rows of "Lab Results"."UPPER"

create schema "Lab Results";

create table "Lab Results"."Größe & ""Wert""; drop table x; --" (
  "Id" uuid primary key default public.gen_random_uuid(),
  "Größe in µm" numeric(10, 3) not null,
  "select" boolean not null default false,
  "user's note" text
);
create index "Ünïcode index, with spaces" on "Lab Results"."Größe & ""Wert""; drop table x; --" ("Größe in µm");

create table "Lab Results".this_name_has_exactly_sixty_three_bytes_which_is_as_long_as_any (
  a_column_whose_name_is_also_as_long_as_a_server_will_ever_have_ integer primary key
);
create table "Lab Results"."UPPER" ("Mixed Case" integer, lower text);
insert into "Lab Results"."UPPER" values (1, 'one'), (2, 'two');
