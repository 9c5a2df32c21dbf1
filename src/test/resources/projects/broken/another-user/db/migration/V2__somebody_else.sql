set session authorization pg_read_all_data;
select count(*) from orders;
