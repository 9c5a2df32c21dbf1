-- The key with which Flyway itself locks "public"."flyway_schema_history", from its other session.
select pg_advisory_lock(77433833903597);
