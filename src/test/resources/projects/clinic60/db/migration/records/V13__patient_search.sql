-- expect: no transaction
-- expect: needs V1, V2
-- expect: creates index clinic.patient_by_name_trigrams
-- expect: lock SHARE UPDATE EXCLUSIVE clinic.patient

create index concurrently patient_by_name_trigrams
  on clinic.patient using gin (family_name public.gin_trgm_ops);
