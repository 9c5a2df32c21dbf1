package dev.belay.projects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.flyway.RealFlyway;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.projects.inside.V7__customer_keys;
import dev.belay.support.Await;
import dev.belay.support.JarOfMigrations;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the real Flyway makes of each project that is broken on purpose. */
class BrokenProjectsIT {
  private Target target = TestServer.admin();

  @BeforeEach
  void create() {
    target = TestServer.fresh("broken");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          broken-sql             | column "payed" of relation "orders" does not exist | 1
          extension-missing      | extension "no_such_extension_anywhere" is not avai | 1
          commit-in-the-middle   | division by zero                                   | 1
          procedure-that-commits | invalid transaction termination                    | 1, 2
          psql-commands          | syntax error at or near "\\"                        | 1
          missing-placeholder    | No value provided for placeholder: ${nobody_knows} | 1
          another-user           | permission denied to set role                      | 1
          session-state          | Unable to release PostgreSQL advisory lock         | 1, 2, 3
          """)
  void breaksInItsOwnWay(String name, String message, String applied) {
    assertThatThrownBy(() -> flyway(name).migrate()).hasMessageContaining(message);

    assertThat(applied(name)).isEqualTo(applied);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          latin1       | Unable to calculate checksum of V2__comment.sql
          same-version | Found more than one migration with version 2
          """)
  void cannotEvenBeRead(String name, String message) {
    assertThatThrownBy(() -> flyway(name).info()).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          circular-requires         | 1, 2, 3, 4
          unknown-requires          | 1, 2
          procedure-that-may-commit | 1, 2, 3
          """)
  void isNotBrokenForFlyway(String name, String applied) {
    flyway(name).migrate();

    assertThat(applied(name)).isEqualTo(applied);
  }

  @Test
  void aCommitInTheMiddleLeavesWhatNoHistoryKnows() {
    assertThat(catchThrowable(() -> flyway("commit-in-the-middle").migrate())).isNotNull();

    assertThat(exists("select from pg_class where relname = 'kept'")).isTrue();
    assertThat(exists("select from pg_class where relname = 'lost'")).isFalse();
  }

  @Test
  void rolesAndDatabasesAreLeftOnTheServerOutsideTheDatabase() {
    try {
      flyway("role").migrate();
      assertThat(exists("select from pg_roles where rolname = 'belay_wild_role'")).isTrue();
      TestServer.drop(target);
      create();
      flyway("database").migrate();
      assertThat(exists("select from pg_database where datname = 'belay wild database'")).isTrue();
    } finally {
      TestServer.drop(target);
      TestServer.drop(target.withDatabase("belay wild database"));
      try (Database admin = new JdbcDatabases("belay-test").open(TestServer.admin())) {
        admin.execute("drop role if exists belay_wild_role");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "waits-for-ever, PgSleep",
    "waits-for-a-lock, advisory",
    "waits-for-itself, relation",
  })
  void waitsUntilSomebodyEndsIt(String name, String waitsFor) {
    CompletableFuture<Throwable> run =
        CompletableFuture.supplyAsync(() -> catchThrowable(() -> flyway(name).migrate()));
    try (Database admin = new JdbcDatabases("belay-test").open(TestServer.admin())) {
      String waiting =
          "select from pg_stat_activity where datname = ? and wait_event = ? and state = 'active'";
      Await.until(
          "it waits for " + waitsFor + " and does not end by itself",
          () -> admin.first(waiting, row -> true, target.database(), waitsFor).isPresent(),
          run);
      admin.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = ?",
          target.database());
      assertThat(run.orTimeout(60, TimeUnit.SECONDS).join()).isNotNull();
    } finally {
      rollBackPrepared();
    }
  }

  /** A prepared transaction outlives its session, and no database can be dropped that has one. */
  private void rollBackPrepared() {
    try (Database database = new JdbcDatabases("belay-test").open(target)) {
      String own = "select gid from pg_prepared_xacts where database = current_database()";
      for (String name : database.list(own, row -> row.getString(1))) {
        database.execute("rollback prepared " + Identifier.literal(name));
      }
    }
  }

  @Test
  void aMigrationInJavaIsFoundInItsJar(@TempDir Path temporary) throws IOException {
    Path jar =
        JarOfMigrations.write(temporary.resolve("app with spaces.jar"), V7__customer_keys.class);
    try (URLClassLoader jars = new OnlyTheJar(jar)) {
      Project project = Project.named("java");
      Flyway flyway =
          Flyway.configure(jars)
              .dataSource(
                  RealFlyway.of(target, project.app(), true).getConfiguration().getDataSource())
              .locations(project.app().locations().get(0), "classpath:dev/belay/projects/inside")
              .load();

      flyway.migrate();

      assertThat(flyway.info().applied()[1].getPhysicalLocation()).contains("app with spaces.jar");
    }

    assertThat(applied("java")).isEqualTo("1, 7, 8");
  }

  /** Finds the jar's classes in the jar, although the tests have them too. */
  private static final class OnlyTheJar extends URLClassLoader {
    private static final String OWN = V7__customer_keys.class.getPackageName();

    OnlyTheJar(Path jar) throws IOException {
      super(new URL[] {jar.toUri().toURL()}, Flyway.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(OWN)) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      boolean own = name.startsWith(OWN.replace('.', '/'));
      return own ? findResources(name) : super.getResources(name);
    }
  }

  private Flyway flyway(String name) {
    String folder = name.equals("java") ? name : "broken/" + name;
    return RealFlyway.of(target, Project.named(folder).app(), true);
  }

  private String applied(String name) {
    return String.join(
        ", ",
        Arrays.stream(flyway(name).info().applied()).map(info -> "" + info.getVersion()).toList());
  }

  private boolean exists(String query) {
    try (Database database = new JdbcDatabases("belay-test").open(target)) {
      return database.test("select exists (" + query + ")");
    }
  }
}
