-- A clinic's rows, the same at every run: everything is arithmetic on the row's number.
insert into users.account
select n,
       lower(given || '.' || family) || n || '@clinic.example',
       given || ' ' || family,
       (array['physician', 'nurse', 'pharmacist', 'reception'])[1 + n % 4],
       timestamptz '2021-01-04 08:00:00+00' + n * interval '29 hours'
  from (select n,
               (array['Anna', 'Björn', 'Chloé', 'Dmitri', 'Eszter', 'Fatima', 'Goran', 'Hana', 'Inés', 'Jürgen',
                      'Kateřina', 'Lwazi', 'Mei', 'Nomsa', 'Özlem', 'Paweł', 'Rania', 'Søren'])[1 + n * 7 % 18] as given,
               (array['Almeida', 'Botha', 'Castro', 'Dlamini', 'Eriksen', 'Fischer', 'García', 'Horváth', 'Ito',
                      'Jansen', 'Kowalska', 'Lefèvre', 'Mbeki', 'Novák', 'O''Brien', 'Petrov', 'Şahin'])[1 + n * 11 % 17] as family
          from generate_series(1, 600) n) as people;

insert into users.sign_in (account_id, at, address)
select 1 + n * 31 % 600,
       timestamptz '2025-01-01 07:00:00+00' + n * interval '25 minutes',
       ('10.' || n % 4 || '.' || n * 13 % 256 || '.' || 1 + n * 7 % 254)::inet
  from generate_series(1, 18000) n;

insert into medications.medication
select n,
       (array['Amoxicillin', 'Atorvastatin', 'Bisoprolol', 'Ciprofloxacin', 'Enalapril', 'Furosemide', 'Ibuprofen',
              'Levothyroxine', 'Metformin', 'Omeprazole', 'Paracetamol', 'Salbutamol', 'Sertraline', 'Warfarin'])[1 + n % 14],
       (array[5, 10, 20, 25, 40, 50, 100, 250, 500])[1 + n / 14 % 9] || ' mg',
       (array['tablet', 'capsule'])[1 + n / 126]
  from generate_series(0, 251) n;

insert into medications.patient
select n,
       (array['Aisha', 'Bongani', 'Carmen', 'Daniel', 'Elif', 'Frida', 'Giulia', 'Hugo', 'Ivana', 'João', 'Karel',
              'Lerato', 'Márton', 'Nadia', 'Olga', 'Pieter', 'Quentin', 'Rosa', 'Sipho'])[1 + n * 5 % 19] || ' ' ||
       (array['Andersson', 'Bianchi', 'Černý', 'Dubois', 'Evans', 'Ferreira', 'Gómez', 'Hassan', 'Ivanova', 'Jónsson',
              'Khumalo', 'Lindqvist', 'Müller', 'Nkosi', 'Østergaard', 'Papadopoulos', 'Radebe', 'Schmidt',
              'Tóth', 'Usman', 'van der Merwe', 'Weiß', 'Yılmaz'])[1 + n * 17 % 23],
       date '1931-02-03' + (n * 7919 % 30000),
       case when n % 9 = 0 then array['penicillin'] when n % 31 = 0 then array['latex', 'nuts'] else '{}' end
  from generate_series(1, 12000) n;

insert into medications.prescription
       (patient_id, medication_id, prescriber_id, dose, instructions, prescribed_at, secondary_diagnoses)
select 1 + n::bigint * 104729 % 12000,
       n * 37 % 252,
       1 + n * 7 % 600,
       (1 + n % 8) * 0.25,
       case when n % 5 = 0
            then (array['One in the morning', 'One at night, with water', 'Two after meals'])[1 + n % 3]
            else 'Take ' || 1 + n % 3 || ' every ' || (array[6, 8, 12, 24])[1 + n % 4] || ' hours'
       end,
       timestamptz '2024-03-01 09:00:00+00' + n * interval '17 minutes',
       case n % 4
            when 0 then array['I10', 'E11.9']
            when 1 then array['J45.' || n % 10]
            else '{}'
       end
  from generate_series(1, 30000) n;

insert into medications.dispensing (prescription_id, dispensed_at, quantity)
select 1 + n::bigint * 15485863 % 30000,
       timestamptz '2024-03-02 10:00:00+00' + n * interval '11 minutes',
       10 * (1 + n % 6)
  from generate_series(1, 45000) n;

analyze;
