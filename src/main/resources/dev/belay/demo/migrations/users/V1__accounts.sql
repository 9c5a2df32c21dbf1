-- Who works at the clinic and may sign in.
create table users.account (
  id         integer primary key,
  email      text not null unique,
  full_name  text not null,
  role       text not null check (role in ('physician', 'nurse', 'pharmacist', 'reception')),
  created_at timestamptz not null
);
