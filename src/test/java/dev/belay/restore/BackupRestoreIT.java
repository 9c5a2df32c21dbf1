package dev.belay.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.cli.Consent;
import dev.belay.cli.Plan;
import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Surroundings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Report;
import dev.belay.support.Await;
import dev.belay.support.ChildJvm;
import dev.belay.support.PgVariables;
import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import dev.belay.swap.DatabaseProperties;
import dev.belay.swap.GuardedRun;
import dev.belay.swap.Replaced;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(90)
class BackupRestoreIT {
  private static final Identifier LOWLY = new Identifier("restorer \"x");

  private static final MigrationsNow MIGRATIONS =
      () ->
          List.of(
              new MigrationsNow.App(
                  "default",
                  List.of("V1__a.sql", "V2__b.sql", "V3__ruin.sql"),
                  Optional.empty(),
                  Optional.empty()));

  private final Databases databases = new JdbcDatabases("restore-test");
  private final Target admin = TestServer.admin();
  private final Path folder;
  private final Target live;
  private final DumpSource source;
  private Plan plan = new Plan("", List.of(), List.of(), "");

  BackupRestoreIT(@TempDir Path folder) {
    this.folder = folder;
    live = TestServer.fresh("orders");
    try (Database session = databases.open(live)) {
      session.execute("create table public.orders (id integer primary key, note text)");
      session.execute("insert into public.orders select n, 'x' from generate_series(1, 1000) n");
      session.execute("comment on database " + name(live) + " is 'precious'");
      session.execute("alter database " + name(live) + " set work_mem = '7MB'");
    }
    source = new DumpSource(databases, live, folder);
    ruin();
  }

  @AfterEach
  void drop() {
    try (Database session = databases.open(admin)) {
      Replaced.list(session).forEach(left -> TestServer.drop(admin.withDatabase(left.name())));
      session
          .list(
              "select datname from pg_catalog.pg_database where datname like '%belay\\_new%'",
              row -> row.getString(1))
          .forEach(left -> TestServer.drop(admin.withDatabase(left)));
      TestServer.drop(live);
      session.execute("drop role if exists " + LOWLY);
    }
  }

  /** The migration that destroys data. */
  private void ruin() {
    try (Database session = databases.open(live)) {
      session.execute("delete from public.orders where id > 10");
      session.execute("create table public.later as select 1 as n");
    }
  }

  /** Swaps, for a child that is killed: folder, live. */
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    Target live = TestServer.admin().withDatabase(args[1]);
    DumpSource source = new DumpSource(new JdbcDatabases("child"), live, folder);
    source.hold(args.length > 2);
    BackupRestore restore = new BackupRestore(run(live, folder), MIGRATIONS);
    System.out.println(
        restore.run(
            source,
            request(Strategy.SWAP, Optional.empty(), false),
            RestoreTime.of(source.facts()),
            false,
            plan -> true));
  }

  @Test
  void bringsEverythingBackAndKeepsWhatWasThere() {
    RestoreReport report = (RestoreReport) restore(request(Strategy.SWAP, Optional.empty(), false));

    assertThat(orders(live)).isEqualTo(1000);
    assertThat(String.join("\n", report.lines()))
        .contains("1,000 rows in 1 table, equal to the manifest")
        .contains("belay undo-restore")
        .contains("app default: it lacks what is applied now: V3__ruin.sql");
    assertThat(report.databaseChanged()).isTrue();
    try (Database session = databases.open(admin)) {
      DatabaseProperties properties = DatabaseProperties.of(session, live.database());
      assertThat(properties.comment()).hasValue("precious");
      assertThat(properties.settings()).hasSize(1);
      assertThat(Replaced.list(session)).hasSize(1);
    }
    assertThat(plan.losses()).anyMatch(loss -> loss.contains("stays only in the replaced"));
    assertThat(leftovers()).isZero();
  }

  @Test
  void whatTheLiveDatabaseIsGivenMeanwhileIsKept() {
    source.afterwards(
        () -> {
          try (Database session = databases.open(admin)) {
            session.execute("alter database " + name(live) + " set work_mem = '9MB'");
            session.execute("alter database " + name(live) + " connection limit 77");
            session.execute("comment on database " + name(live) + " is 'more precious'");
          }
        });
    restore(request(Strategy.SWAP, Optional.empty(), false));
    try (Database session = databases.open(admin)) {
      DatabaseProperties properties = DatabaseProperties.of(session, live.database());
      assertThat(properties.comment()).hasValue("more precious");
      assertThat(properties.connectionLimit()).isEqualTo(77);
      assertThat(properties.settings().toString()).contains("9MB").doesNotContain("7MB,");
    }
    assertThat(orders(live)).isEqualTo(1000);
  }

  @Test
  void aDatabaseThatGetsAnotherOwnerMeanwhileIsNotReplaced() {
    source.afterwards(
        () -> {
          try (Database session = databases.open(admin)) {
            session.execute("create role " + LOWLY);
            session.execute("alter database " + name(live) + " owner to " + LOWLY);
          }
        });
    assertThatThrownBy(() -> restore(request(Strategy.SWAP, Optional.empty(), false)))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
              assertThat(failure.message())
                  .contains("was given from")
                  .endsWith(" to " + LOWLY.name());
            });
    assertThat(orders(live)).isEqualTo(10);
    assertThat(leftovers()).isZero();
  }

  @Test
  void discardsTheReplacedOneWhenAsked() {
    RestoreReport report = (RestoreReport) restore(request(Strategy.SWAP, Optional.empty(), true));
    assertThat(report.replaced()).isNull();
    assertThat(plan.losses()).anyMatch(loss -> loss.contains("gone for ever"));
    try (Database session = databases.open(admin)) {
      assertThat(Replaced.list(session)).isEmpty();
    }
  }

  @Test
  void restoresBesideUnderANewName() {
    String beside = "beside \"" + live.database().substring(9);
    try {
      restore(request(Strategy.NEW_DATABASE, Optional.of(beside), false));
      assertThat(orders(live)).isEqualTo(10);
      assertThat(orders(admin.withDatabase(beside))).isEqualTo(1000);
      assertThatThrownBy(() -> restore(request(Strategy.NEW_DATABASE, Optional.of(beside), false)))
          .hasMessageContaining("already");
    } finally {
      TestServer.drop(admin.withDatabase(beside));
    }
  }

  @Test
  void restoresInPlaceInOneTransaction() {
    restore(request(Strategy.IN_PLACE, Optional.empty(), false));
    assertThat(source.wasReadBefore()).isTrue();
    assertThat(orders(live)).isEqualTo(1000);
    assertThat(plan.losses()).anyMatch(loss -> loss.startsWith("THE LIVE DATA"));
  }

  @Test
  void aFailureInPlaceChangesNothing() throws IOException {
    try (Database session = databases.open(live)) {
      // pg_restore drops tables without CASCADE, so this is in its way.
      session.execute("create view public.in_the_way as select * from public.orders");
    }
    assertThatThrownBy(() -> restore(request(Strategy.IN_PLACE, Optional.empty(), false)))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED));
    assertThat(orders(live)).isEqualTo(10);
    assertThat(journals()).doesNotContain("in-place-restored");
  }

  @Test
  void whatBreaksAfterTheCommitInPlaceIsNeverCalledUnchanged() throws IOException {
    source.afterwards(
        () -> {
          throw Failure.unavailable("the connection was lost", "look");
        });
    assertThatThrownBy(() -> restore(request(Strategy.IN_PLACE, Optional.empty(), false)))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
              assertThat(failure.message()).isEqualTo("the connection was lost");
              assertThat(failure.state()).contains("holds what pg_restore made of the backup");
            });
    assertThat(orders(live)).isEqualTo(1000);
    assertThat(journals()).contains("in-place-restored");
  }

  @Test
  void inPlaceItDoesNotWaitLongWithEverybodyBehindIt() {
    try (Database reader = databases.open(live)) {
      reader.execute("begin");
      assertThat(reader.number("select count(*) from public.orders")).isEqualTo(10);
      assertThatThrownBy(() -> restore(request(Strategy.IN_PLACE, Optional.empty(), false)))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
                assertThat(failure.message())
                    .contains("longer than 1.0 s for a lock")
                    .contains("application \"restore-test\"");
              });
      reader.rollback();
      assertThat(orders(live)).isEqualTo(10);
    }
    restore(request(Strategy.IN_PLACE, Optional.empty(), false));
    assertThat(orders(live)).isEqualTo(1000);
  }

  @Test
  void onlyTablesThatABackupCountsAreSaidToBeLost() {
    try (Database session = databases.open(live)) {
      session.execute("create materialized view public.seen as select * from public.orders");
      session.execute("create table public.parts (n integer) partition by list (n)");
      session.execute("create table public.part partition of public.parts for values in (1)");
      session.execute("analyze");
    }
    restore(request(Strategy.SWAP, Optional.empty(), false));
    assertThat(String.join("\n", plan.losses()))
        .contains("public.part is not in the backup")
        .doesNotContain("public.seen")
        .doesNotContain("public.parts");
  }

  @Test
  void aDifferenceFromTheManifestNeverGoesLive() {
    BackupFacts facts = source.facts();
    source.pretend(with(facts, Map.of("orders", 999L), facts.roles(), facts.complete()));
    assertThatThrownBy(() -> restore(request(Strategy.SWAP, Optional.empty(), false)))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
              assertThat(failure.message()).contains("differs from its manifest");
            });
    assertThat(orders(live)).isEqualTo(10);
    assertThat(leftovers()).isZero();
  }

  @Test
  void allThatSpeaksAgainstItIsSaidAtOnce() {
    BackupFacts facts = source.facts();
    source.pretend(with(facts, facts.rows(), Set.of("missing one", "missing two"), false));
    GuardedRun elsewhere = run(admin.withDatabase("another \"one"), folder);
    assertThatThrownBy(
            () ->
                new BackupRestore(elsewhere, MIGRATIONS)
                    .run(
                        source,
                        request(Strategy.SWAP, Optional.empty(), false),
                        RestoreTime.of(facts),
                        false,
                        agree()))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
              assertThat(failure.message())
                  .contains("only a part")
                  .contains("another \"one")
                  .contains("missing one")
                  .contains("missing two");
              assertThat(failure.hint())
                  .contains("--from-other-database")
                  .contains("create role \"missing one\"");
            });
  }

  @Test
  void whoMayNotCreateDatabasesIsOfferedInPlace() {
    try (Database session = databases.open(admin)) {
      session.execute("create role " + LOWLY + " login");
      session.execute("alter database " + name(live) + " owner to " + LOWLY);
    }
    Target lowly =
        new Target(
            admin.host(),
            admin.port(),
            live.database(),
            LOWLY.name(),
            admin.password(),
            admin.tls(),
            10);
    assertThatThrownBy(
            () ->
                new BackupRestore(run(lowly, folder), MIGRATIONS)
                    .run(
                        source,
                        request(Strategy.SWAP, Optional.empty(), false),
                        RestoreTime.of(source.facts()),
                        false,
                        agree()))
        .hasMessageContaining("may not create databases")
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.hint()).contains("--strategy in-place"));
  }

  @Test
  void aMigrationInProgressIsNotCutOff() {
    MigrationsNow running =
        () ->
            List.of(
                new MigrationsNow.App(
                    "shop", List.of(), Optional.empty(), Optional.of("process 7 of flyway")));
    assertThatThrownBy(
            () ->
                new BackupRestore(run(live, folder), running)
                    .run(
                        source,
                        request(Strategy.SWAP, Optional.empty(), false),
                        RestoreTime.of(source.facts()),
                        false,
                        agree()))
        .hasMessageContaining("a migration of the app shop is in progress: process 7");
  }

  @Test
  void aDatabaseThatIsGoneIsCreatedAnewForItsOwner() {
    TestServer.drop(live);
    try (Database session = databases.open(admin)) {
      session.execute("create role " + LOWLY + " login");
      source.pretend(ofOwner(source.facts(), LOWLY.name()));
      restore(request(Strategy.SWAP, Optional.empty(), false));
      DatabaseProperties now = DatabaseProperties.of(session, live.database());
      assertThat(now.owner()).isEqualTo(LOWLY.name());
      assertThat(now.comment()).hasValue("precious");
      assertThat(now.settings().toString()).contains("work_mem", "7MB");
    }
    assertThat(orders(live)).isEqualTo(1000);
    assertThat(plan.steps()).anyMatch(step -> step.contains("there is no such database now"));
  }

  @Test
  void aDryRunShowsThePlanOnly() {
    Report report =
        new BackupRestore(run(live, folder), MIGRATIONS)
            .run(
                source,
                request(Strategy.SWAP, Optional.empty(), false),
                RestoreTime.of(source.facts()),
                true,
                shown -> false);
    assertThat(report.databaseChanged()).isFalse();
    assertThat(orders(live)).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "restore-created",
        "restore-noted",
        "restore-restored",
        "restore-proven",
        "swap-closed",
        "swap-renaming"
      })
  void theNextRunSweepsWhatAKilledRestoreLeft(String failPoint) {
    ChildJvm.killed(
        failPoint,
        BackupRestoreIT.class,
        folder,
        childEnvironment(),
        folder.toString(),
        live.database());

    run(live, folder).recover();
    assertThat(orders(live)).isEqualTo(10);
    assertThat(leftovers()).isZero();
  }

  @Test
  void aRestoreThatWasKilledAfterTheRenamesIsOnRecordAsSwapped() throws IOException {
    ChildJvm.killed(
        "swap-renamed",
        BackupRestoreIT.class,
        folder,
        childEnvironment(),
        folder.toString(),
        live.database());
    assertThat(journals()).contains("swap-begun").doesNotContain("swap-renamed");

    run(live, folder).recover();

    assertThat(journals()).containsPattern("\"step\":\"swap-renamed\"[^\\n]*\\n[^\\n]*\"settled\"");
  }

  /** All of the runs until now. */
  private String journals() throws IOException {
    try (Stream<Path> files = Files.list(run(live, folder).settings().folders().journal())) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.filter(each -> each.toString().endsWith(".jsonl")).sorted().toList()) {
        all.append(Files.readString(file));
      }
      return all.toString();
    }
  }

  @Test
  void aRestoreThatIsCancelledLeavesNothing() throws Exception {
    Process child =
        ChildJvm.start(
            "",
            BackupRestoreIT.class,
            folder,
            childEnvironment(),
            folder.toString(),
            live.database(),
            "hold");
    Await.until("the new database is made", () -> leftovers() > 0, child);
    child.destroy();
    assertThat(child.waitFor()).isEqualTo(143);
    assertThat(leftovers()).isZero();
    assertThat(orders(live)).isEqualTo(10);
  }

  @Test
  void theNewestProvenBackupIsChosenWithinAgeAndTime() {
    List<RestoreSource> all = List.of(source);
    Optional<String> here = source.facts().systemIdentifier();
    assertThat(here).isPresent();
    assertThat(
            EmergencyRollback.choose(all, live.database(), here, Optional.empty(), Instant.now()))
        .isSameAs(source);
    assertThatThrownBy(
            () ->
                EmergencyRollback.choose(
                    all,
                    live.database(),
                    here,
                    Optional.of(Duration.ofHours(1)),
                    Instant.now().plus(Duration.ofHours(2))))
        .hasMessageContaining("--max-age is 1 h 0 min");
    assertThatThrownBy(
            () -> EmergencyRollback.choose(all, "other", here, Optional.empty(), Instant.now()))
        .hasMessageContaining("no complete backup of other");
    assertThatThrownBy(
            () ->
                EmergencyRollback.choose(
                    all, live.database(), Optional.of("7"), Optional.empty(), Instant.now()))
        .hasMessageContaining("another server");
    assertThatThrownBy(
            () ->
                EmergencyRollback.within(
                    new RestoreTime(Duration.ofMinutes(12), true), Duration.ofMinutes(5)))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
              assertThat(failure.hint()).endsWith("--time-limit 13m");
            });
    EmergencyRollback.within(new RestoreTime(Duration.ofMinutes(12), false), Duration.ofMinutes(5));
  }

  private Map<String, String> childEnvironment() {
    String password = admin.password().map(secret -> ":" + secret.reveal()).orElse("");
    return Map.of(
        "BELAY_TEST_URL",
        "postgresql://%s%s@%s:%d/postgres"
            .formatted(admin.user(), password, admin.host(), admin.port()));
  }

  private Report restore(RestoreRequest request) {
    return new BackupRestore(run(live, folder), MIGRATIONS)
        .run(source, request, RestoreTime.of(source.facts()), false, agree());
  }

  private Consent agree() {
    return shown -> {
      plan = shown;
      return true;
    };
  }

  private static RestoreRequest request(Strategy strategy, Optional<String> name, boolean discard) {
    return new RestoreRequest(
        "latest", strategy, name, 2, Duration.ofMinutes(1), discard, false, true, Writes.UNSEEN);
  }

  static GuardedRun run(Target target, Path folder) {
    Map<String, String> environment = PgVariables.of(target);
    Surroundings surroundings = new Surroundings(environment, folder, folder, "tester");
    RunId run = RunId.fresh();
    return new GuardedRun(
        run,
        new JdbcDatabases(RunSessions.name(run)),
        Configuration.load(surroundings, Flags.NONE),
        Quiet.progress(),
        "backup-restore",
        Duration.ZERO);
  }

  private static BackupFacts ofOwner(BackupFacts facts, String owner) {
    return new BackupFacts(
        facts.id(),
        facts.takenAt(),
        facts.database(),
        facts.systemIdentifier(),
        facts.serverVersion(),
        facts.complete(),
        owner,
        facts.locale(),
        facts.properties(),
        facts.databaseBytes(),
        facts.rows(),
        facts.roles(),
        facts.extensions(),
        facts.migrations(),
        facts.readable(),
        facts.measuredRestore());
  }

  private static BackupFacts with(
      BackupFacts facts, Map<String, Long> rows, Set<String> roles, boolean complete) {
    return new BackupFacts(
        facts.id(),
        facts.takenAt(),
        facts.database(),
        facts.systemIdentifier(),
        facts.serverVersion(),
        complete,
        facts.owner(),
        facts.locale(),
        facts.properties(),
        facts.databaseBytes(),
        rows,
        roles,
        facts.extensions(),
        facts.migrations(),
        facts.readable(),
        facts.measuredRestore());
  }

  private long orders(Target target) {
    try (Database session = databases.open(target)) {
      return session.number("select count(*) from public.orders");
    }
  }

  private long leftovers() {
    try (Database session = databases.open(admin)) {
      return session.number(
          "select count(*) from pg_catalog.pg_database where datname like '%belay\\_new%'");
    }
  }

  private static Identifier name(Target target) {
    return new Identifier(target.database());
  }
}
