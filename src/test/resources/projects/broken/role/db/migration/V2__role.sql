create role belay_wild_role;
alter role belay_wild_role set work_mem = '1MB';
grant select on orders to belay_wild_role;
