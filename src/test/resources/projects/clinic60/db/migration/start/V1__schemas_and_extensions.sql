-- expect: creates extension btree_gist
-- expect: creates extension pg_trgm
-- expect: creates extension pgcrypto
-- expect: creates schema billing

create schema ${billing};
comment on schema ${billing} is 'Money; nothing medical';

create extension if not exists pgcrypto with schema public;
create extension if not exists btree_gist with schema public;
create extension if not exists pg_trgm with schema public;
