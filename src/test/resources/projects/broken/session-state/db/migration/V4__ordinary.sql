create table ordinary (id integer);
