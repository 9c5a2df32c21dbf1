-- expect: creates function clinic.write_audit()
-- expect: creates sequence clinic.audit_number_seq
-- expect: creates table clinic.audit

create table clinic.audit (
  number bigint generated always as identity primary key,
  what text not null,
  row_data jsonb not null,
  at timestamptz not null default clock_timestamp()
);

/* drop table clinic.audit; -- in a comment /* in a comment */ nothing happens */
create function clinic.write_audit() returns trigger language plpgsql as $audit$
declare
  text_with_dollars constant text := $q$ it's; $$ not $$ the end; $q$;
begin
  -- insert into clinic.audit values ('no');
  insert into clinic.audit (what, row_data)
  values (tg_op || ' ' || tg_table_name, to_jsonb(coalesce(new, old)));
  return coalesce(new, old);
end;
$audit$;
