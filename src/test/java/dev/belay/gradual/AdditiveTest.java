package dev.belay.gradual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.batch.Marks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdditiveTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table t add column if not exists \"not null\" text",
        "ALTER TABLE only \"a b\".\"drop column\" ADD COLUMN c int default 5, add d text",
        "alter table t add c numeric(10, 2) -- not null later",
        "alter table t alter column c drop not null",
        "create table u (id int primary key)",
        "create view v as select 1",
        "comment on table t is 'drop it'",
        "grant select on t to public",
      })
  void whatOnlyAddsMayComeFirst(String sql) {
    assertThat(Additive.is(Marks.bare(sql))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table t drop column c",
        "alter table t add column c int not null",
        "alter table t add column c int, drop column d",
        "alter table t add column c numeric(10, 2), alter d set not null",
        "alter table t add constraint u unique (c)",
        "alter table t add column c timestamptz default clock_timestamp()",
        "alter table t add column c bigserial",
        "alter table t add column c int references u",
        "alter table t rename column c to d",
        "alter table t alter column c type bigint",
        "create index on t (c)",
        "create or replace function f() returns int language sql as 'select 1'",
        "create or replace view v as select 1",
        "update t set c = 1",
        "drop table t",
        "truncate t",
        "do $$begin drop table t; end$$",
      })
  void whatDoesMoreMayNot(String sql) {
    assertThat(Additive.is(Marks.bare(sql))).isFalse();
  }
}
