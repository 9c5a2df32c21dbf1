create procedure in_batches() language plpgsql as $$
begin
  for number in 10..14 loop
    insert into orders values (number, 'batch');
    commit;
  end loop;
end $$;
