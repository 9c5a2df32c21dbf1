package dev.belay.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.support.Quiet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class MergeIT {
  private final MergeLab lab = new MergeLab();

  @AfterEach
  void drop() {
    lab.close();
  }

  private static Failure failure(ThrowableAssert.ThrowingCallable call) {
    Failure[] thrown = new Failure[1];
    assertThatThrownBy(call).isInstanceOfSatisfying(Failure.class, failure -> thrown[0] = failure);
    return thrown[0];
  }

  private void people() {
    lab.everywhere(
        "create table public.\"Leute \"\"; drop table x\" (\"Id\" int primary key, \"Näme;\" text)",
        "insert into public.\"Leute \"\"; drop table x\" values (1, 'one'), (2, 'two'), (3, 'three')");
    lab.source(
        "delete from public.\"Leute \"\"; drop table x\" where \"Id\" = 3",
        "update public.\"Leute \"\"; drop table x\" set \"Näme;\" = E'z\\\\w\\ti\\n' where \"Id\" = 2",
        "insert into public.\"Leute \"\"; drop table x\" values (4, null)");
  }

  private static final String PEOPLE = "public.\"Leute \"\"; drop table x\"";

  @Test
  void addMissingAddsAndTouchesNothingElse() {
    people();

    MergeOutcome outcome = lab.merge(Policy.ADD_MISSING);

    assertThat(outcome.added()).isEqualTo(1);
    assertThat(outcome.changed() + outcome.removed()).isZero();
    assertThat(outcome.kept()).isTrue();
    assertThat(lab.held(PEOPLE)).containsExactly("(1,one)", "(2,two)", "(3,three)", "(4,)");
  }

  @Test
  void overwriteChangesAndRemovesNothing() {
    people();

    MergeOutcome outcome = lab.merge(Policy.OVERWRITE);

    assertThat(List.of(outcome.added(), outcome.changed(), outcome.removed()))
        .containsExactly(1L, 1L, 0L);
    assertThat(lab.held(PEOPLE)).hasSize(4).contains("(3,three)");
  }

  @Test
  void exactMakesTheTargetAsTheSource() {
    people();

    MergeOutcome outcome = lab.merge(Policy.EXACT);

    assertThat(List.of(outcome.added(), outcome.changed(), outcome.removed()))
        .containsExactly(1L, 1L, 1L);
    assertThat(lab.held(PEOPLE)).isEqualTo(MergeLab.rows(lab.databases.source, PEOPLE));
    assertThat(lab.merge(Policy.EXACT).plan().empty()).isTrue();
  }

  @Test
  void aPlanSaysTheFirstRowsOfEachKindAndChangesNothing() {
    people();

    MergePlan plan = lab.plan(Policy.OVERWRITE);

    TableMerge table = plan.tables().get(0);
    assertThat(List.of(table.add(), table.change(), table.remove(), table.left()))
        .containsExactly(1L, 1L, 0L, 1L);
    assertThat(table.samples())
        .anySatisfy(
            sample -> {
              assertThat(sample.kind()).isEqualTo(Difference.Kind.CHANGED);
              assertThat(sample.key()).containsEntry("Id", "2");
              assertThat(sample.cells())
                  .containsExactly(new RowSample.Cell("Näme;", "z\\w\ti\n", "two"));
            })
        .anySatisfy(sample -> assertThat(sample.decision()).isEqualTo(Decision.LEAVE));
    assertThat(lab.held(PEOPLE)).hasSize(3);
  }

  @Test
  void longValuesAreCutInSamples() {
    lab.everywhere("create table public.t (id int primary key, v text)");
    lab.source("insert into public.t values (1, repeat('x', 100000) || 'a')");
    lab.target("insert into public.t values (1, repeat('x', 100000) || 'b')");

    RowSample.Cell cell =
        lab.plan(Policy.OVERWRITE).tables().get(0).samples().get(0).cells().get(0);

    assertThat(cell.source()).hasSize(201).endsWith("x…");
  }

  @Test
  void parentsComeBeforeChildrenAndChildrenGoBeforeParents() {
    lab.everywhere(
        "create table public.a_child (id int primary key, parent int not null)",
        "create table public.b_parent (id int primary key, boss int)",
        "create table public.c_boss (id int primary key)",
        "alter table public.a_child add foreign key (parent) references public.b_parent",
        "alter table public.b_parent add foreign key (boss) references public.c_boss on delete restrict");
    lab.source(
        "insert into public.c_boss values (1), (2)",
        "insert into public.b_parent values (1, 1), (2, 2), (5, 2)",
        "insert into public.a_child values (1, 1), (2, 2), (9, 5)");
    lab.target(
        "insert into public.c_boss values (2), (3)",
        "insert into public.b_parent values (2, 2), (3, 3), (5, 3)",
        "insert into public.a_child values (2, 3), (3, 3)");

    MergeOutcome outcome = lab.merge(Policy.EXACT);

    assertThat(outcome.plan().cascades()).isEmpty();
    for (String table : List.of("a_child", "b_parent", "c_boss")) {
      assertThat(lab.held("public." + table))
          .isEqualTo(MergeLab.rows(lab.databases.source, "public." + table));
    }
  }

  @Test
  void tablesThatReferToEachOtherNeedNoDeferring() {
    lab.everywhere(
        "create table public.man (id int primary key, wife int not null, friend int not null)",
        "create table public.woman (id int primary key, husband int not null)",
        "alter table public.man add foreign key (wife) references public.woman not deferrable,"
            + " add foreign key (friend) references public.man not deferrable",
        "alter table public.woman add foreign key (husband) references public.man not deferrable");
    String pairs =
        "with m as (insert into public.man select i, i, %2$d - i + %1$d from generate_series(%1$d, %2$d) i)"
            + " insert into public.woman select i, i from generate_series(%1$d, %2$d) i";
    lab.source(pairs.formatted(1, 50));
    lab.target(pairs.formatted(40, 99));

    lab.merge(Policy.EXACT);

    assertThat(lab.held("public.man"))
        .hasSize(50)
        .isEqualTo(MergeLab.rows(lab.databases.source, "public.man"));
    assertThat(lab.held("public.woman")).hasSize(50);
  }

  @Test
  void aUniqueValueMovesFromARemovedRowToAnAddedOne() {
    lab.everywhere("create table public.t (id int primary key, mail text not null unique)");
    lab.source("insert into public.t values (2, 'a'), (3, 'c'), (4, 'b')");
    lab.target("insert into public.t values (1, 'a'), (3, 'b')");

    lab.merge(Policy.EXACT);

    assertThat(lab.held("public.t")).containsExactly("(2,a)", "(3,c)", "(4,b)");
  }

  @Test
  void uniqueValuesAreExchangedBetweenRows() {
    lab.everywhere(
        "create table public.t (id int primary key, mail text not null unique, only_here text)");
    lab.source(
        "alter table public.t drop column only_here",
        "insert into public.t values (1, 'b'), (2, 'c'), (3, 'a'), (4, 'x')");
    lab.target("insert into public.t values (1, 'a', 'k1'), (2, 'b', 'k2'), (3, 'c', 'k3')");

    MergeOutcome outcome = lab.merge(Policy.OVERWRITE);

    assertThat(outcome.changed()).isEqualTo(3);
    assertThat(lab.held("public.t")).containsExactly("(1,b,k1)", "(2,c,k2)", "(3,a,k3)", "(4,x,)");
  }

  @Test
  void uniqueValuesAreExchangedWhereChildrenHangOnTheRowsIfTheyMayBeNull() {
    lab.everywhere(
        "create table public.t (id int primary key, mail text unique)",
        "create table public.child (id int primary key, t int references public.t on delete cascade)");
    lab.source("insert into public.t values (1, 'b'), (2, 'a')");
    lab.target(
        "insert into public.t values (1, 'a'), (2, 'b')", "insert into public.child values (1, 1)");

    lab.merge(Policy.OVERWRITE);

    assertThat(lab.held("public.t")).containsExactly("(1,b)", "(2,a)");
    assertThat(lab.held("public.child")).hasSize(1);
  }

  @Test
  void anExchangeThatCannotBeDoneIsSaidAndNothingIsChanged() {
    lab.everywhere(
        "create table public.t (id int primary key, mail text not null unique)",
        "create table public.child (id int primary key, t int references public.t on delete cascade)");
    lab.source("insert into public.t values (1, 'b'), (2, 'a')");
    lab.target(
        "insert into public.t values (1, 'a'), (2, 'b')", "insert into public.child values (1, 1)");

    Failure failure = failure(() -> lab.merge(Policy.OVERWRITE));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.message()).contains("t_mail_key", "(mail)=", "hang on them");
    assertThat(lab.held("public.t")).containsExactly("(1,a)", "(2,b)");
  }

  @Test
  void rowsThatAForeignKeyTakesAwayAreCountedInThePlan() {
    lab.everywhere(
        "create table public.t (id int primary key)",
        "create table public.child (id int primary key, t int references public.t on delete cascade)",
        "create table public.grandchild (child int references public.child on delete cascade)",
        "create table public.note (at int references public.t on delete set null)",
        "insert into public.t select generate_series(1, 4)");
    lab.source(
        "drop table public.child, public.grandchild, public.note",
        "delete from public.t where id in (1, 2)");
    lab.target(
        "insert into public.child values (1, 1), (2, 2), (3, 2), (4, 4)",
        "insert into public.grandchild values (1), (3), (3), (4)",
        "insert into public.note values (1), (3)");

    MergePlan plan = lab.plan(Policy.EXACT);
    lab.merge(Policy.EXACT);

    assertThat(plan.cascades())
        .extracting(each -> each.table().table() + " " + each.effect() + " " + each.rows())
        .containsExactlyInAnyOrder("child REMOVED 3", "grandchild REMOVED 3", "note CHANGED 1");
    assertThat(lab.held("public.grandchild")).containsExactly("(4)");
    assertThat(lab.held("public.note")).containsExactly("()", "(3)");
  }

  @Test
  void whatAnUpdateWouldCarryToChildrenIsCounted() {
    lab.everywhere(
        "create table public.t (id int primary key, code text unique)",
        "create table public.child (id int primary key, code text references public.t (code)"
            + " on update cascade)");
    lab.source("drop table public.child", "insert into public.t values (1, 'new'), (2, 'same')");
    lab.target(
        "insert into public.t values (1, 'old'), (2, 'same')",
        "insert into public.child values (1, 'old'), (2, 'same')");

    MergeOutcome outcome = lab.merge(Policy.OVERWRITE);

    assertThat(outcome.plan().cascades()).extracting(Cascade::rows).containsExactly(1L);
    assertThat(lab.held("public.child")).containsExactly("(1,new)", "(2,same)");
  }

  @Test
  void rowsMoveBetweenPartitionsAndGeneratedColumnsAreComputed() {
    lab.everywhere(
        "create table public.t (id int primary key, region text, twice int generated always as (id * 2) stored)");
    lab.target(
        "drop table public.t",
        "create table public.t (old int, id int not null, twice int generated always as (id * 2) stored,"
            + " region text, unique (id, region)) partition by list (region)",
        "alter table public.t drop column old",
        "create table public.north partition of public.t for values in ('n')",
        "create table public.south partition of public.t default",
        "alter table public.t alter region set not null");
    lab.source(
        "alter table public.t drop constraint t_pkey",
        "alter table public.t alter region set not null, add unique (id, region)",
        "insert into public.t (id, region) values (1, 'n'), (2, 's'), (3, 'n')");
    lab.target("insert into public.t (id, region) values (1, 's'), (2, 's'), (9, 'n')");

    lab.merge(Policy.EXACT);

    assertThat(lab.held("public.t")).containsExactly("(1,2,n)", "(2,4,s)", "(3,6,n)");
    assertThat(lab.held("public.north")).hasSize(2);
  }

  @Test
  void aChangeMovesARowToAnotherPartition() {
    lab.target(
        "create table public.t (id int not null, region text) partition by list (region)",
        "create table public.north partition of public.t for values in ('n')",
        "create table public.south partition of public.t for values in ('s')",
        "insert into public.t values (1, 's'), (2, 'n'), (3, 'n')");

    MergeOutcome outcome =
        staged("id int, region text", "(1, 'n'), (2, 's'), (3, 'n')", List.of("id"), Policy.EXACT);

    assertThat(outcome.changed()).isEqualTo(2);
    assertThat(lab.held("public.north")).containsExactly("(1,n)", "(3,n)");
  }

  /** Merges rows of a temporary table into {@code public.t}. */
  private MergeOutcome staged(String columns, String values, List<String> key, Policy policy) {
    try (Merge merge =
        Merge.begin(
            TwoDatabases.DATABASES, lab.databases.target, lab.options(policy), Quiet.progress())) {
      merge.session().execute("create temporary table rows (" + columns + ")");
      merge.session().execute("insert into pg_temp.rows values " + values);
      Relation target = Relations.find(merge.session(), new TableName("public", "t")).orElseThrow();
      Relation rows =
          new Relation(0, new TableName("pg_temp", "rows"), target.columns(), key, false, 0, -1, 0);
      merge.addStaged(
          new Pair(
              rows,
              target,
              target.columns().stream().map(RelationColumn::name).toList(),
              key,
              List.of()),
          rows.name());
      return merge.apply();
    }
  }

  @Test
  void stagedRowsAreMergedLikeThoseOfADatabase() {
    lab.target(
        "create table public.t (id text primary key, v jsonb, n numeric)",
        "insert into public.t values ('a', '{}', 1.0), ('b', null, 2), ('c', '1', 3)");

    MergeOutcome outcome =
        staged(
            "id text, v jsonb, n numeric",
            "('a', '{}', 1.00), ('b', null, 2), ('d', '[1, 2]', 'NaN')",
            List.of("id"),
            Policy.EXACT);

    assertThat(List.of(outcome.added(), outcome.changed(), outcome.removed()))
        .containsExactly(1L, 1L, 1L);
    assertThat(lab.held("public.t")).containsExactly("(a,{},1.00)", "(b,,2)", "(d,\"[1, 2]\",NaN)");
    assertThat(outcome.plan().tables().get(0).diff().sourceRows()).isEqualTo(3);
  }

  @Test
  void stagedRowsWithoutAKeyAreAMultiset() {
    lab.target(
        "create table public.t (a int, b text)",
        "insert into public.t values (1, 'x'), (1, 'x'), (2, null)");

    MergeOutcome outcome =
        staged("a int, b text", "(1, 'x'), (2, null), (2, null)", List.of(), Policy.EXACT);

    assertThat(List.of(outcome.added(), outcome.removed())).containsExactly(1L, 1L);
    assertThat(lab.held("public.t")).containsExactly("(1,x)", "(2,)", "(2,)");
  }

  @Test
  void twoStagedRowsForOneRowAreAFailure() {
    lab.target(
        "create table public.t (id int primary key, b text)",
        "insert into public.t values (1, 'x')");

    Failure failure =
        failure(
            () -> staged("id int, b text", "(1, 'y'), (1, 'z')", List.of("id"), Policy.OVERWRITE));

    assertThat(failure.message()).contains("more than one row of public.t", "(id) = (1)");
  }

  @Test
  void rowsWithoutAKeyAreAddedAndRemovedByTheirNumber() {
    lab.everywhere("create table public.t (a text, b json)");
    lab.source(
        "insert into public.t select 'x', '{\"a\": 1}' from generate_series(1, 5)",
        "insert into public.t values (null, null)");
    lab.target(
        "insert into public.t select 'x', '{\"a\": 1}' from generate_series(1, 2)",
        "insert into public.t select 'y', null from generate_series(1, 3)");

    MergeOutcome outcome = lab.merge(Policy.EXACT);

    assertThat(List.of(outcome.added(), outcome.removed())).containsExactly(4L, 3L);
    assertThat(lab.held("public.t")).isEqualTo(MergeLab.rows(lab.databases.source, "public.t"));
  }

  @Test
  void identityColumnsTakeTheValuesOfTheSource() {
    lab.everywhere(
        "create table public.t (k int primary key, n int generated always as identity, v text)",
        "create table public.u (n int generated always as identity primary key, v text)");
    lab.source(
        "insert into public.t overriding system value values (1, 70, 'a'), (2, 80, 'b')",
        "insert into public.u overriding system value values (5, 'a'), (6, 'b')");
    lab.target(
        "insert into public.t overriding system value values (1, 10, 'a')",
        "insert into public.u overriding system value values (5, 'z')");

    MergeOutcome outcome = lab.merge(Policy.EXACT);

    assertThat(lab.held("public.t")).containsExactly("(1,70,a)", "(2,80,b)");
    assertThat(lab.held("public.u")).containsExactly("(5,a)", "(6,b)");
    assertThat(outcome.sequences()).hasSize(2);
    lab.target(
        "insert into public.t (k, v) values (3, 'c')", "insert into public.u (v) values ('c')");
    assertThat(lab.held("public.t")).contains("(3,81,c)");
    assertThat(lab.held("public.u")).contains("(7,c)");
  }

  @Test
  void sequencesAreMovedInTheirDirectionAndNeverBack() {
    lab.everywhere(
        "create sequence public.shared",
        "create sequence public.down increment -1",
        "create sequence public.far",
        "create sequence public.round maxvalue 100 cycle",
        "create table public.a (id bigint primary key default nextval('public.shared'),"
            + " d int default nextval('public.down'), f int default nextval('public.far'),"
            + " r int default nextval('public.round'), t text default 'x' || nextval('public.shared'))",
        "create table public.b (id bigint primary key default nextval('public.shared'))");
    lab.source(
        "insert into public.a values (50, -20, 5, 99, 'x')", "insert into public.b values (70000)");
    lab.target("select setval('public.far', 1000)");

    MergeOutcome outcome = lab.merge(Policy.EXACT);

    assertThat(lab.text("select nextval('public.shared')")).isEqualTo("70001");
    assertThat(lab.text("select nextval('public.down')")).isEqualTo("-21");
    assertThat(lab.text("select nextval('public.far')")).isEqualTo("1001");
    assertThat(lab.text("select nextval('public.round')")).isEqualTo("1");
    assertThat(outcome.sequences())
        .anyMatch(text -> text.contains("public.shared moved from 1 to 70000"))
        .anyMatch(text -> text.contains("public.round stays"))
        .anyMatch(text -> text.contains("column t of public.a"));
  }

  private void triggers() {
    lab.everywhere(
        "create table public.log (what text)",
        "create table public.t (id int primary key, v text)",
        "create function public.noted() returns trigger language plpgsql as"
            + " 'begin insert into public.log values (tg_name); return new; end'",
        "create trigger normal before insert on public.t for each row execute function public.noted()",
        "create trigger \"always; Ü\" before insert on public.t for each row execute function public.noted()",
        "create trigger off before insert on public.t for each row execute function public.noted()",
        "create trigger replica before insert on public.t for each row execute function public.noted()",
        "alter table public.t enable always trigger \"always; Ü\", disable trigger off,"
            + " enable replica trigger replica");
    lab.source("insert into public.t values (1, 'a')", "delete from public.log");
  }

  private static final String STATES =
      "select string_agg(tgname || ' ' || tgenabled::text, ', ' order by tgname collate \"C\")"
          + " from pg_trigger where not tgisinternal";

  @Test
  void triggersAreOffAndAfterwardsEachAsItWas() {
    triggers();
    String before = lab.text(STATES);

    MergeOutcome outcome = lab.merge(Policy.ADD_MISSING);

    assertThat(lab.held("public.t")).hasSize(1);
    assertThat(lab.held("public.log")).isEmpty();
    assertThat(lab.text(STATES)).isEqualTo(before).contains("always; Ü A", "off D", "replica R");
    assertThat(outcome.plan().notes())
        .anyMatch(
            note -> note.startsWith("triggers are off") && note.contains("normal of public.t"));
  }

  @Test
  void triggersFireWhenTheyAreOn() {
    triggers();

    MergeOutcome outcome = lab.triggersOn().merge(Policy.ADD_MISSING);

    assertThat(lab.held("public.log")).containsExactlyInAnyOrder("(normal)", "(\"always; Ü\")");
    assertThat(outcome.plan().notes()).anyMatch(note -> note.startsWith("triggers fire"));
  }

  @Test
  void aTriggerThatKeepsRowsAwayIsAFailure() {
    lab.everywhere(
        "create table public.t (id int primary key)",
        "create function public.none() returns trigger language plpgsql as 'begin return null; end'",
        "create trigger none before insert on public.t for each row when (new.id = 2)"
            + " execute function public.none()");
    lab.source("alter table public.t disable trigger none", "insert into public.t values (1), (2)");

    Failure failure = failure(() -> lab.triggersOn().merge(Policy.ADD_MISSING));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.message()).contains("1 of 2 rows of public.t were added");
    assertThat(failure.hint()).contains("--triggers off");
    assertThat(lab.held("public.t")).isEmpty();
  }

  @Test
  void whoDoesNotOwnATableIsToldToLetItsTriggersFire() {
    triggers();
    String role = "merger" + ProcessHandle.current().pid();
    lab.target(
        "create role " + role + " login",
        "grant usage on schema public to " + role,
        "grant select, insert, update, delete on all tables in schema public to " + role);
    Target target = lab.databases.target;
    try {
      Target poor =
          new Target(
              target.host(),
              target.port(),
              target.database(),
              role,
              target.password(),
              target.tls(),
              target.connectTimeoutSeconds());

      Failure failure = failure(() -> lab.merge(Policy.ADD_MISSING, poor, (plan, agreed) -> true));

      assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(failure.message()).contains("does not own public.t", "always; Ü");
      assertThat(failure.hint()).contains("--triggers on");
    } finally {
      lab.target("drop owned by " + role, "drop role " + role);
    }
  }

  @Test
  void tablesWithRulesAreRefused() {
    lab.everywhere("create table public.t (id int primary key)");
    lab.target("create rule swallow as on insert to public.t do instead nothing");
    lab.source("insert into public.t values (1)");

    Failure failure = failure(() -> lab.merge(Policy.ADD_MISSING));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(failure.message()).contains("public.t has rules", "swallow");
  }

  @Test
  void deferredConstraintsAreCheckedBeforeTheCommit() {
    lab.everywhere(
        "create table public.p (id int primary key)",
        "create table public.t (id int primary key, p int)");
    lab.target(
        "alter table public.t add constraint \"late;\" foreign key (p) references public.p"
            + " deferrable initially deferred");
    lab.source("insert into public.t values (1, 77)");

    Failure failure = failure(() -> lab.merge(Policy.ADD_MISSING));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.message()).contains("late;", "(p)=(77)");
    assertThat(lab.held("public.t")).isEmpty();
  }

  @Test
  void exclusionConstraintsHoldWhenRangesMove() {
    lab.everywhere(
        "create table public.t (id int primary key, during int4range not null,"
            + " exclude using gist (during with &&))");
    lab.source("insert into public.t values (1, '[10,20)'), (2, '[0,10)'), (4, '[30,40)')");
    lab.target("insert into public.t values (1, '[0,10)'), (2, '[10,20)'), (3, '[25,35)')");

    lab.merge(Policy.EXACT);

    assertThat(lab.held("public.t")).isEqualTo(MergeLab.rows(lab.databases.source, "public.t"));
  }

  @Test
  void aRowThatDoesNotFitIsNamedAndEverythingIsTakenBack() {
    lab.everywhere(
        "create table public.a (id int primary key)",
        "create table public.b (id int primary key, v int)");
    lab.target("alter table public.b add constraint positive check (v > 0)");
    lab.source("insert into public.a values (1)", "insert into public.b values (1, 5), (2, -7)");

    Failure failure = failure(() -> lab.merge(Policy.ADD_MISSING));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.message()).contains("public.b", "positive", "(2, -7)");
    assertThat(failure.state()).isEqualTo(Failure.UNCHANGED);
    assertThat(lab.held("public.a")).isEmpty();
  }

  @Test
  void rowLevelSecurityIsAnErrorAndNotSilence() {
    lab.everywhere("create table public.t (id int primary key)");
    lab.source("insert into public.t values (1)");
    String role = "limited" + ProcessHandle.current().pid();
    lab.target(
        "create role " + role + " login",
        "alter table public.t enable row level security",
        "grant usage on schema public to " + role,
        "grant all on all tables in schema public to " + role);
    Target target = lab.databases.target;
    try {
      Target poor =
          new Target(
              target.host(),
              target.port(),
              target.database(),
              role,
              target.password(),
              target.tls(),
              target.connectTimeoutSeconds());

      Failure failure = failure(() -> lab.merge(Policy.ADD_MISSING, poor, (plan, agreed) -> true));

      assertThat(failure.message()).contains("row-level security");
    } finally {
      lab.target("drop owned by " + role, "drop role " + role);
    }
  }

  @Test
  void whoHoldsALockIsNamed() {
    people();
    try (Database other = TwoDatabases.DATABASES.open(lab.databases.target)) {
      other.execute("begin");
      other.execute("lock table " + PEOPLE + " in share mode");

      Failure failure = failure(() -> lab.lockTimeout(Duration.ofMillis(150)).merge(Policy.EXACT));

      assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(failure.message())
          .contains("in the way: pid " + other.loginPid(), "belay-test", "idle in transaction");
      other.execute("rollback");
    }
    assertThat(lab.held(PEOPLE)).hasSize(3);
  }

  @Test
  void whoHoldsATableFromEverybodyIsNamed() {
    people();
    try (Database other = TwoDatabases.DATABASES.open(lab.databases.target)) {
      other.execute("begin");
      other.execute("lock table " + PEOPLE);

      Failure failure = failure(() -> lab.lockTimeout(Duration.ofMillis(100)).plan(Policy.EXACT));

      assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(failure.message())
          .contains("reading public.Leute", "in the way: pid " + other.loginPid());
      other.execute("rollback");
    }
  }

  @Test
  void aRowThatSomebodyElseChangedBeginsTheMergeAnew() {
    people();
    AtomicInteger times = new AtomicInteger();
    lab.meanwhile(
        merge -> {
          if (times.incrementAndGet() == 1) {
            lab.target("update " + PEOPLE + " set \"Näme;\" = 'theirs' where \"Id\" = 2");
          }
        });

    MergeOutcome outcome = lab.merge(Policy.EXACT);

    assertThat(outcome.attempts()).isEqualTo(2);
    assertThat(lab.held(PEOPLE)).isEqualTo(MergeLab.rows(lab.databases.source, PEOPLE));
  }

  @Test
  void aKeyThatSomebodyElseAddedMeanwhileBeginsTheMergeAnew() {
    people();
    AtomicInteger times = new AtomicInteger();
    lab.meanwhile(
        merge -> {
          if (times.incrementAndGet() == 1) {
            lab.target("insert into " + PEOPLE + " values (4, 'theirs')");
          }
        });

    MergeOutcome outcome = lab.merge(Policy.ADD_MISSING);

    assertThat(outcome.attempts()).isEqualTo(2);
    assertThat(outcome.added()).isZero();
    assertThat(lab.held(PEOPLE)).contains("(4,theirs)");
  }

  @Test
  void afterThreeAttemptsItIsReported() {
    people();
    AtomicInteger times = new AtomicInteger();
    lab.meanwhile(
        merge ->
            lab.target(
                "update "
                    + PEOPLE
                    + " set \"Näme;\" = 'theirs"
                    + times.incrementAndGet()
                    + "' where \"Id\" = 2"));

    Failure failure = failure(() -> lab.merge(Policy.EXACT));

    assertThat(times).hasValue(3);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.message()).contains("3 times", "Leute");
    assertThat(lab.held(PEOPLE)).contains("(2,theirs3)", "(3,three)");
  }

  @Test
  void moreThanWasAgreedToIsAskedAgain() {
    people();
    AtomicInteger times = new AtomicInteger();
    lab.meanwhile(
        merge -> {
          if (times.incrementAndGet() == 1) {
            lab.target(
                "update " + PEOPLE + " set \"Näme;\" = 'theirs' where \"Id\" = 2",
                "insert into " + PEOPLE + " values (8, 'new')");
          }
        });

    Failure failure =
        failure(
            () ->
                lab.merge(Policy.EXACT, lab.databases.target, (plan, agreed) -> agreed.isEmpty()));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(lab.held(PEOPLE)).contains("(8,new)", "(3,three)");
  }

  @Test
  void aRehearsalFindsWhatWouldFailAndChangesNothing() {
    people();
    triggers();
    String before = lab.text(STATES);
    lab.meanwhile(
        merge -> {
          MergeOutcome rehearsed = merge.rehearse();
          assertThat(rehearsed.kept()).isFalse();
          assertThat(rehearsed.added()).isEqualTo(2);
          assertThat(lab.held("public.t")).isEmpty();
        });

    MergeOutcome outcome = lab.merge(Policy.EXACT);

    assertThat(outcome.added()).isEqualTo(2);
    assertThat(lab.text(STATES)).isEqualTo(before);
  }

  /** As when its disk is full: what the comparison sorts does not fit. */
  @Test
  void aServerWithoutRoomLeavesTheTargetAsItWas() {
    lab.everywhere(
        "create table public.t (id uuid primary key, v text)",
        "insert into public.t select md5(i::text)::uuid, 'old'"
            + " from generate_series(1, 60000) i");
    lab.source("update public.t set v = 'new'");
    String name = new Identifier(lab.databases.target.database()).toString();
    lab.target(
        "alter database " + name + " set temp_file_limit = '1MB'",
        "alter database " + name + " set work_mem = '64kB'");

    Failure failure = failure(() -> lab.merge(Policy.EXACT));

    assertThat(failure.exitCode()).as(failure.message()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.message()).contains("temp_file_limit");
    assertThat(failure.state()).isEqualTo(Failure.UNCHANGED);
    lab.target("alter database " + name + " reset temp_file_limit");
    assertThat(lab.text("select count(*) from public.t where v <> 'new'")).isEqualTo("60000");
    assertThat(lab.merge(Policy.EXACT).changed()).isEqualTo(60000);
  }

  /** A file that may not grow is a disk that is full, as the server sees it. */
  @Test
  void aWriteThatFailsInTheMiddleLeavesTheTargetAsItWas() {
    lab.everywhere(
        "create table public.a (id int primary key, v text)",
        "create table public.b (id int primary key, v text)");
    lab.source(
        "insert into public.a select i, 'x' from generate_series(1, 500) i",
        "insert into public.b select i, 'x' from generate_series(1, 500) i");
    lab.target(
        "create function public.full() returns trigger language plpgsql as $$ begin"
            + " raise exception using errcode = 'disk_full', message = 'could not extend file';"
            + " end $$",
        "create trigger full_disk before insert on public.b for each row when (new.id = 400)"
            + " execute function public.full()");

    Failure failure = failure(() -> lab.triggersOn().merge(Policy.EXACT));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.message()).contains("public.b", "could not extend file");
    assertThat(failure.hint()).contains("free disk space");
    assertThat(lab.held("public.a")).isEmpty();
  }

  @Test
  void keysOfSeveralColumnsAndOfTypesOfTheUsersOwnAreFollowed() {
    lab.everywhere(
        "create type public.\"My enum\" as enum ('b', 'a')",
        "create table public.p (x public.\"My enum\", y int, primary key (y, x))",
        "create table public.c (id int primary key, cx public.\"My enum\", cy int,"
            + " foreign key (cx, cy) references public.p (x, y) on delete cascade)");
    lab.source(
        "insert into public.p values ('a', 1), ('b', 2)",
        "insert into public.c values (1, 'a', 1), (2, 'b', 2)");
    lab.target(
        "insert into public.p values ('a', 2), ('b', 2)",
        "insert into public.c values (1, 'a', 2), (3, 'b', 2)");

    MergeOutcome outcome = lab.merge(Policy.EXACT);

    assertThat(outcome.plan().cascades()).isEmpty();
    assertThat(lab.held("public.c")).isEqualTo(MergeLab.rows(lab.databases.source, "public.c"));
    assertThat(lab.held("public.p")).isEqualTo(MergeLab.rows(lab.databases.source, "public.p"));
  }

  @Test
  void nothingIsAddedTwiceWhileOthersWrite() throws InterruptedException {
    lab.everywhere(
        "create table public.t (id int primary key, v int)",
        "insert into public.t select i, 0 from generate_series(1, 300) i");
    lab.source(
        "update public.t set v = 1 where id <= 150",
        "insert into public.t select i, 1 from generate_series(301, 400) i");
    AtomicBoolean over = new AtomicBoolean();
    Thread application =
        new Thread(
            () -> {
              try (Database session = TwoDatabases.DATABASES.open(lab.databases.target)) {
                for (int id = 151; !over.get(); id = id == 300 ? 151 : id + 1) {
                  session.execute("update public.t set v = v + 1 where id = ?", id);
                }
              }
            });
    application.start();

    MergeOutcome outcome;
    try {
      outcome = lab.withBase(false).merge(Policy.THREE_WAY);
    } finally {
      over.set(true);
      application.join();
    }

    assertThat(List.of(outcome.added(), outcome.changed())).containsExactly(100L, 150L);
    assertThat(
            lab.text(
                "select count(*) || ' ' || count(*) filter (where v = 1 and id <= 150) from public.t"))
        .isEqualTo("400 150");
  }

  /** The target removed a parent on purpose, to which the source gave a new child; and so on. */
  @Test
  void rowsWhoseParentsTheTargetRemovedAreConflictsAndTheOthersAreMerged() {
    lab.everywhere(
        "create table public.p (id int primary key, v text)",
        "create table public.c (id int primary key, p int references public.p on delete cascade)",
        "create table public.g (id int primary key, c int references public.c)",
        "insert into public.p select i, 'base' from generate_series(1, 9) i",
        "insert into public.c values (1, 1), (2, 2)");
    lab.source(
        "insert into public.c values (10, 3), (11, 4)",
        "insert into public.g values (100, 10), (101, 11), (102, null)",
        "update public.c set p = 3 where id = 1",
        "delete from public.p where id in (5, 6)");
    lab.target("delete from public.p where id = 3", "insert into public.c values (20, 5)");

    MergeOutcome outcome = lab.withBase(true).merge(Policy.THREE_WAY);

    MergePlan plan = outcome.plan();
    assertThat(plan.cascades()).isEmpty();
    assertThat(MergeLab.of(plan, "p").conflicts()).isEqualTo(1);
    assertThat(MergeLab.of(plan, "c").conflicts()).isEqualTo(2);
    assertThat(MergeLab.of(plan, "g").conflicts()).isEqualTo(1);
    assertThat(MergeLab.of(plan, "c").samples())
        .filteredOn(sample -> sample.decision() == Decision.CONFLICT)
        .extracting(sample -> sample.kind() + " " + sample.key().get("id"))
        .containsExactlyInAnyOrder("MISSING 10", "CHANGED 1");
    assertThat(MergeLab.of(plan, "p").notes())
        .contains("1 rows stay, since others refer to them by c_p_fkey");
    assertThat(List.of(outcome.added(), outcome.changed(), outcome.removed()))
        .containsExactly(3L, 0L, 1L);
    assertThat(lab.held("public.c")).containsExactly("(1,1)", "(11,4)", "(2,2)", "(20,5)");
    assertThat(lab.held("public.g")).containsExactly("(101,11)", "(102,)");
    assertThat(lab.held("public.p")).hasSize(7).contains("(5,base)");
  }

  @Test
  void aTriggerThatDrawsFromASequenceIsGivenNoValueOfAMergedRow() {
    lab.everywhere(
        "create table public.orders (id int primary key)",
        "create table public.audit_log (id bigserial primary key, entry int)",
        "create function public.audit() returns trigger language plpgsql as"
            + " 'begin insert into public.audit_log (entry) values (new.id); return null; end'",
        "create trigger audit after insert on public.orders for each row"
            + " execute function public.audit()");
    lab.source("insert into public.orders select generate_series(1, 3)");

    lab.triggersOn().merge(Policy.ADD_MISSING);

    assertThat(lab.held("public.orders")).hasSize(3);
    assertThat(lab.held("public.audit_log"))
        .hasSize(6)
        .contains("(1,1)", "(2,2)", "(3,3)")
        .allMatch(row -> row.matches("\\([1-6],[1-3]\\)"));
  }

  @Test
  void aChangedRowThatStillHangsOnARemovedOneGoesWithIt() {
    lab.everywhere(
        "create table public.a (id int primary key)",
        "create table public.b (id int primary key, a int references public.a on delete cascade)",
        "create table public.c (id int primary key, b int references public.b on delete cascade, v text)",
        "create table public.d (c int references public.c on delete cascade)",
        "insert into public.a values (1), (2)",
        "insert into public.b values (1, 1), (2, 2)",
        "insert into public.c values (1, 1, 'old'), (2, 1, 'old')");
    lab.source(
        "drop table public.b, public.d cascade",
        "delete from public.a where id = 1",
        "update public.c set v = 'new' where id = 1",
        "update public.c set b = 2 where id = 2");
    lab.target("insert into public.d values (1), (2)");

    assertThat(lab.plan(Policy.EXACT).cascades())
        .extracting(each -> each.table().table() + " " + each.effect() + " " + each.rows())
        .containsExactlyInAnyOrder("b REMOVED 1", "c REMOVED 1", "d REMOVED 1");
  }

  /** Somebody who takes the time to do something else before each answer. */
  private static final class Person implements MergeConsent {
    private final List<Runnable> meanwhile;
    private int asked;

    Person(Runnable... meanwhile) {
      this.meanwhile = List.of(meanwhile);
    }

    @Override
    public boolean given(MergePlan plan, Optional<MergePlan> agreed) {
      meanwhile.get(asked++).run();
      return true;
    }

    @Override
    public boolean takesLong(MergePlan plan) {
      return true;
    }
  }

  @Test
  void nothingIsHeldWhileAPersonIsAsked() {
    people();
    Person person =
        new Person(
            () -> lab.target("set lock_timeout = '5s'; alter table " + PEOPLE + " add x int"));

    MergeResult result = lab.merge(Policy.ADD_MISSING, lab.databases.target, person);

    assertThat(person.asked).isEqualTo(1);
    assertThat(result.outcome().orElseThrow().added()).isEqualTo(1);
    assertThat(lab.held(PEOPLE)).containsExactly("(1,one,)", "(2,two,)", "(3,three,)", "(4,,)");
  }

  @Test
  void whoAgreedIsAskedAgainWhenMoreIsToBeDoneThanBefore() {
    people();
    Person person =
        new Person(() -> lab.target("delete from " + PEOPLE + " where \"Id\" = 1"), () -> {});

    MergeResult result = lab.merge(Policy.ADD_MISSING, lab.databases.target, person);

    assertThat(person.asked).isEqualTo(2);
    assertThat(result.outcome().orElseThrow().added()).isEqualTo(2);
  }
}
