-- expect: no transaction
-- expect: lock SHARE UPDATE EXCLUSIVE clinic.visit

vacuum (analyze) clinic.visit;
