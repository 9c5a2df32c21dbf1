drop table "Lab Results"."Größe & ""Wert""; drop table x; --";
drop schema "Lab Results" cascade;
