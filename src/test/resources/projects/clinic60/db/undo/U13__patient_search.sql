drop index clinic.patient_by_name_trigrams;
