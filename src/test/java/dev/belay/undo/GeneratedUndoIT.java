package dev.belay.undo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Undo scripts that are made from what a migration did. */
class GeneratedUndoIT {
  private static final String BAD = "\"x\"\"; drop table people; -- Ü ü\"";

  @TempDir Path folder;
  private UndoRig rig;

  @BeforeEach
  void begin() {
    rig = new UndoRig(folder);
    rig.write(
        "V1__initial.sql",
        "create type mood as enum ('sad', 'glad');"
            + " create table people (id serial primary key, name text not null default 'x', "
            + BAD
            + " mood, age numeric(5,2));"
            + " create index people_name on people (name);"
            + " create table other (id int);"
            + " create sequence numbers;"
            + " create function f() returns int language sql as 'select 1';"
            + " create view v as select id, name from people; comment on view v is 'before';");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private UndoPlan after(String sql) {
    rig.write("V2__up.sql", sql).migrate();
    return rig.generated("V2");
  }

  private void proven(String sql) {
    UndoPlan plan = after(sql);
    UndoStep step = plan.steps().get(0);
    assertThat(step.script()).as("%s", step.notes()).isPresent();
    assertThat(step.script().orElseThrow().origin()).isEqualTo(UndoScript.Origin.GENERATED);
    assertThat(plan.proof().verdict()).as("%s", plan.proof()).isEqualTo(UndoProof.Verdict.PROVEN);
    rig.run(plan);
  }

  private void notOffered(String sql, String why) {
    UndoPlan plan = after(sql);
    assertThat(plan.steps().get(0).script()).isEmpty();
    assertThat(plan.steps().get(0).notes()).singleElement().asString().contains(why);
    assertThat(plan.proof().verdict()).isEqualTo(UndoProof.Verdict.NOT_TRIED);
  }

  @Test
  void whatWasMadeGoes() {
    proven(
        """
        create schema "S ;";
        create table "S ;".t (id bigint generated always as identity primary key, p int references people);
        create type "S ;".kind as enum ('a');
        alter table people add column more int default 3 check (more > 0), add column k "S ;".kind;
        create unique index "I ;" on people (more);
        create function g(a int, b text) returns trigger language plpgsql as 'begin return new; end';
        create trigger "T ;" before insert on people for each row execute function g(1);
        """
                .replace("create function g(a int, b text)", "create function g()")
            + "create policy p on people using (true); comment on table people is 'it''s';"
            + " create materialized view m as select * from people; create domain d as int check (value > 0);"
            + " grant select on people to public; create sequence s owned by people.more;");
  }

  @Test
  void whatWasDefinedOtherwiseIsAsBefore() {
    proven(
        """
        create or replace view v as select id, name, age from people; comment on view v is 'after';
        create or replace function f() returns int language sql as 'select 2';
        alter table people alter column name drop not null, alter column name drop default,
          alter column age set default 3, alter column age set not null;
        drop index people_name;
        alter sequence numbers increment 5;
        """);
  }

  @Test
  void whatWasRenamedHasItsNameAgain() {
    proven(
        """
        alter table people rename column name to "Name ;";
        alter table people rename to persons;
        alter table persons rename constraint people_pkey to persons_pk;
        alter index people_name rename to persons_name;
        alter sequence numbers rename to counts;
        alter type mood rename value 'sad' to 'so sad''';
        alter type mood rename to feeling;
        alter function f() rename to h;
        create schema away;
        alter table other set schema away;
        alter table away.other rename to others;
        """);
  }

  @Test
  void twoThatExchangedTheirNamesAndOneWhoseNameWasTakenComeBack() {
    proven(
        """
        alter table people rename to x; alter table other rename to people; alter table x rename to other;
        alter table people rename column id to id_old;
        alter table people add column id int;
        alter sequence numbers rename to old_numbers; create sequence numbers;
        """);
  }

  @Test
  void whatIsLostByTheMigrationIsNotOffered() {
    notOffered("drop table other;", "drops table public.other");
  }

  @Test
  void aDroppedColumnIsNotOffered() {
    notOffered("alter table people drop column age;", "drops column public.people.age");
  }

  @Test
  void aTypeThatChangesIsNotOffered() {
    notOffered(
        "alter table people alter column age type numeric(4,1);",
        "changes the type of column public.people.age");
  }

  @Test
  void aLabelOfAnEnumIsNotOffered() {
    notOffered("alter type mood add value 'so so';", "no statement takes labels from an enum");
  }

  @Test
  void rowsThatAreWrittenAreNotOffered() {
    notOffered("update people set name = 'y';", "writes rows of public.people");
  }

  @Test
  void anEmptiedTableIsNotOffered() {
    notOffered("truncate other;", "empties public.other");
  }
}
