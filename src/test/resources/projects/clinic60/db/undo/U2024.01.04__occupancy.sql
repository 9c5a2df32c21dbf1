drop materialized view clinic.occupancy;
