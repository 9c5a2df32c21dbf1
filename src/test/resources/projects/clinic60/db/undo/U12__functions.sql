drop function clinic.is_child(date), clinic.visits_of(bigint), clinic.full_name(clinic.patient), clinic.age_on(date, date);
