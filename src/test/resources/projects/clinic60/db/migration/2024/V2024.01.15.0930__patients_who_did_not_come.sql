-- expect: needs V1, V2, V5, V5.1
-- expect: alters type clinic.appointment_status

alter type clinic.appointment_status add value if not exists 'missed' before 'done';
