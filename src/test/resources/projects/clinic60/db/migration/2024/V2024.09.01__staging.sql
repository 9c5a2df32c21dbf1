-- expect: creates table clinic.staging
-- expect: inserts 10 rows of clinic.staging

create unlogged table clinic.staging (line text);
insert into clinic.staging select 'line ' || n from generate_series(1, 10) n;
