drop table ${billing}.line;
delete from ${billing}.invoice where number in (1, 2);
