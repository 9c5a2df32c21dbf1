create table orders (id integer primary key, customer text);
insert into orders values (1, 'Ann'), (2, 'Bob');
