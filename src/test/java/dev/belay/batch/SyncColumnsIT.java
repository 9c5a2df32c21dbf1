package dev.belay.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SyncColumnsIT {
  private static final String NOTHING =
      """
      -- belay:batch table=public.visit key=id
      update visit set id = id where /* belay:range */ true
      """;
  private static final SyncMark MARK =
      new SyncMark(
          new TableName("public", "visit"), "made", "old", Optional.empty(), Optional.empty());

  private final BatchLab lab = new BatchLab();

  @AfterEach
  void close() {
    lab.close();
  }

  private void installed(String columns) {
    lab.sql("create table public.visit (id int primary key, " + columns + ")");
    long run = lab.begin(NOTHING);
    lab.session.inTransaction(
        () -> {
          SyncColumns.read(lab.session, MARK).install(lab.session, run, 1);
          return "";
        });
  }

  @Test
  void aRowWithBothDefaultsSaysTheSameInBothColumns() {
    installed("made bigint default 7, old numeric(10,2) default 0");

    lab.sql(
        "insert into public.visit (id) values (1)",
        "insert into public.visit (id, made) values (2, 5)",
        "insert into public.visit (id, old) values (3, 6)",
        "insert into public.visit (id, made, old) values (4, 0, 0)");

    assertThat(SyncColumns.read(lab.session, MARK).disagreeing(lab.session)).isZero();
    assertThat(
            lab.session.list(
                "select made || ' ' || old from public.visit order by id", row -> row.getString(1)))
        .containsExactly("7 7.00", "5 5.00", "6 6.00", "0 0.00");
  }

  @Test
  void defaultsOfTypesWithALengthAreConstantsToo() {
    installed("made varchar(10) default 'x', old char(12) default lower('X')");

    lab.sql("insert into public.visit (id, made) values (1, 'y')");

    assertThat(lab.session.text("select old from public.visit")).startsWith("y");
  }

  @Test
  void aDefaultThatIsNoConstantIsRefusedAndNotToBeDropped() {
    lab.sql("create table public.visit (id int primary key, made date default now(), old date)");

    assertThatThrownBy(() -> SyncColumns.read(lab.session, MARK))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure).hasMessageContaining("is no constant");
              assertThat(failure.hint()).doesNotContain("drop default");
            });
  }

  @Test
  void valuesThatTheOldColumnCannotHoldAreCounted() {
    lab.sql(
        "create table public.visit (id int primary key, made text)",
        "insert into public.visit values (1, 'abc'), (2, 'abcdef'), (3, null)");

    assertThat(notKept(Optional.of("character varying(3)"))).isEqualTo(1);
    assertThat(notKept(Optional.of("text"))).isZero();
    lab.sql("alter table public.visit add old varchar(3)");
    assertThat(notKept(Optional.empty())).isEqualTo(1);
    lab.sql("update public.visit set old = made::varchar(3)");
    assertThat(SyncColumns.read(lab.session, MARK).changedByReturn(lab.session)).isEqualTo(1);
  }

  private long notKept(Optional<String> type) {
    long[] values = new long[1];
    lab.session.readingAndForgetting(
        () -> values[0] = SyncColumns.notKept(lab.session, MARK, type));
    return values[0];
  }

  @Test
  void aRoleThatSeesNothingOfOthersCannotKeepTheirLimits() {
    String role = "blind_" + ProcessHandle.current().pid();
    lab.sql("create role " + role);
    try {
      ThrottleLimits lag =
          new ThrottleLimits(
              Optional.of(Duration.ofSeconds(2)),
              Optional.empty(),
              42,
              Optional.empty(),
              Optional.empty());
      assertThat(ThrottleSight.check(lab.session, lag)).isEmpty();
      lab.sql("set role " + role);

      assertThatThrownBy(() -> ThrottleSight.check(lab.session, lag))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
                assertThat(failure.hint()).contains("grant pg_read_all_stats");
              });
      assertThat(ThrottleSight.check(lab.session, ThrottleLimits.usual()))
          .hasValueSatisfying(words -> assertThat(words).contains("sees nothing"));
    } finally {
      lab.sql("reset role", "drop role " + role);
    }
  }
}
