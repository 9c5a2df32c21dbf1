-- The ledger, form 1. Made in the transaction that first needs it.
create schema belay;

comment on schema belay is
  'Made by belay: undo scripts, undone migrations, progress of batches. Without it, undo scripts are looked for on disk only.';

create table belay.form (
  form integer primary key
);

insert into belay.form values (1);

-- The undo scripts of migrations, as they were when they were stored. Of several, the newest counts.
create table belay.undo_script (
  id bigint generated always as identity primary key,
  history_schema text not null,
  history_table text not null,
  app text not null,
  version text not null,
  description text not null,
  migration_checksum integer,
  migration_content text,
  script text not null,
  content text not null,
  sha256 text not null,
  transactional boolean not null,
  origin text not null check (origin in ('file', 'generated')),
  stored_at timestamptz not null default pg_catalog.now(),
  stored_by text not null,
  belay_version text not null
);

create index on belay.undo_script (history_schema, history_table, version, id);

-- What was undone, by whom and how. Rows are only added.
create table belay.undone (
  id bigint generated always as identity primary key,
  history_schema text not null,
  history_table text not null,
  app text not null,
  version text,
  description text not null,
  installed_rank integer not null,
  migration_script text not null,
  method text not null,
  undo_sha256 text,
  recorded_as text not null check (recorded_as in ('reopen', 'hold')),
  record_rank integer not null,
  rows_lost bigint not null,
  backup text,
  exports text[] not null,
  run text not null,
  undone_at timestamptz not null default pg_catalog.now(),
  undone_by text not null,
  belay_version text not null
);

-- One run of an undo in batches, and how far it is. At most one for each history table is not over.
create table belay.batch_run (
  id bigint generated always as identity primary key,
  history_schema text not null,
  history_table text not null,
  app text not null,
  migration text not null,
  plan_sha256 text not null,
  plan jsonb not null,
  kept jsonb not null default '{}',
  phase text not null check (phase in ('data', 'schema', 'verify', 'done')),
  state text not null
    check (state in ('running', 'paused', 'aborting', 'aborted', 'failed', 'finished', 'discarded')),
  reason text,
  waits_for text,
  run text not null,
  begun_at timestamptz not null default pg_catalog.now(),
  changed_at timestamptz not null default pg_catalog.now(),
  seen_at timestamptz,
  begun_by text not null
) with (fillfactor = 50);

create unique index on belay.batch_run (history_schema, history_table)
  where state not in ('finished', 'discarded');

-- A statement of it, and its checkpoint: written in the transaction of each batch.
create table belay.batch_step (
  batch_run bigint not null references belay.batch_run,
  step integer not null,
  script text not null,
  line integer not null,
  table_name text not null,
  rows_in_all bigint not null,
  pass integer not null default 1,
  last_key text[],
  keys_done bigint not null default 0,
  rows_done bigint not null default 0,
  batches_done bigint not null default 0,
  finished boolean not null default false,
  repeatable boolean not null default false,
  primary key (batch_run, step)
) with (fillfactor = 50);

-- A trigger of it that keeps two columns equal; gone with the switch of the schema.
create table belay.batch_sync (
  batch_run bigint not null references belay.batch_run,
  table_schema text not null,
  table_name text not null,
  new_column text not null,
  old_column text not null,
  trigger_name text not null,
  function_name text not null,
  primary key (batch_run, trigger_name)
);
