package dev.belay.emergency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.Journal;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.PgVariables;
import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import dev.belay.swap.GuardedRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of fixes when something breaks beside them. */
class FixingIT {
  @TempDir private Path folder = Path.of("");
  private Target live = TestServer.admin();
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void create() {
    live = TestServer.fresh("fixing");
  }

  @AfterEach
  void drop() {
    TestServer.drop(live);
  }

  @Test
  void whatIsFixedStaysSoWhenItCannotBeWrittenDown() {
    apply(
        fix(
            "one",
            ground -> {
              ground.session().execute("create table public.one (id integer)");
              // What is written to it fails from now on, as on a full disk.
              ground.journal().close();
              return FixResult.fixed("a-kind", "one", "made");
            }),
        fix("two", ground -> FixResult.fixed("a-kind", "two", "made")));

    assertThat(told).containsExactly("one fixed", "two left");
  }

  @Test
  void aDefectInOneHidesNoOther() {
    apply(
        fix("one", ground -> FixResult.fixed("a-kind", "one", "made")),
        fix(
            "two",
            ground -> {
              throw new IllegalStateException("a defect");
            }),
        fix(
            "three",
            ground -> {
              throw Failure.unavailable("a lock was not given", "wait");
            }),
        fix("four", ground -> FixResult.fixed("a-kind", "four", "made")));

    assertThat(told).containsExactly("one fixed", "two uncertain", "three left", "four fixed");
  }

  @Test
  void whatComesAfterALostConnectionIsNotTried() {
    apply(
        fix(
            "one",
            ground -> {
              ground.session().execute("select pg_terminate_backend(pg_backend_pid())");
              return FixResult.fixed("a-kind", "one", "made");
            }),
        fix("two", ground -> FixResult.fixed("a-kind", "two", "made")));

    assertThat(told).containsExactly("one uncertain", "two left");
  }

  private void apply(Fix... fixes) {
    GuardedRun run = run();
    try (Journal journal = run.journal()) {
      new Fixing(run, new SchemaLook(run))
          .apply(
              List.of(fixes),
              journal,
              result -> told.add(result.subject() + " " + result.outcome().word()));
    }
  }

  private GuardedRun run() {
    Map<String, String> environment = PgVariables.of(live);
    RunId run = RunId.fresh();
    return new GuardedRun(
        run,
        new JdbcDatabases(RunSessions.name(run)),
        Configuration.load(new Surroundings(environment, folder, folder, "tester"), Flags.NONE),
        Quiet.progress(),
        "emergency-recovery",
        Duration.ZERO);
  }

  private static Fix fix(String subject, Function<FixGround, FixResult> work) {
    return new Fix() {
      @Override
      public String kind() {
        return "a-kind";
      }

      @Override
      public String subject() {
        return subject;
      }

      @Override
      public String plan() {
        return "fix " + subject;
      }

      @Override
      public FixResult apply(FixGround ground) {
        return work.apply(ground);
      }
    };
  }
}
