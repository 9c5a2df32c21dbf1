create table public.whose (id integer);
