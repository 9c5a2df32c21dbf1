drop view clinic.child, clinic.patient_list, clinic.patient_name;
