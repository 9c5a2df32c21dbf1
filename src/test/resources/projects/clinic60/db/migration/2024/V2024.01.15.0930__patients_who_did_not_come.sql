-- expect: alters type clinic.appointment_status

alter type clinic.appointment_status add value if not exists 'missed' before 'done';
