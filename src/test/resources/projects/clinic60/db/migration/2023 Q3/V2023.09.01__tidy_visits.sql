-- expect: no transaction
-- expect: needs V2, V3, V6
-- expect: lock SHARE UPDATE EXCLUSIVE clinic.visit

vacuum (analyze) clinic.visit;
