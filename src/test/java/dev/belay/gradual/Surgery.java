package dev.belay.gradual;

import dev.belay.app.Main;
import dev.belay.config.AppSettings;
import dev.belay.core.Target;
import dev.belay.flyway.RealFlyway;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Await;
import dev.belay.support.ChildJvm;
import dev.belay.support.Cli;
import dev.belay.support.PgVariables;
import dev.belay.support.TestFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;

/** An app whose column was replaced by another one, with the way back in batches. */
final class Surgery {
  static final String TABLE = "surgery.\"Patients \"\"of\"\" Ü\"";
  static final String UNDO =
      """
      -- belay:sync table=%1$s new=phone_e164 old="Phone; drop" up=('+' || "Phone; drop") down=(pg_catalog.substr(phone_e164, 2))

      alter table %1$s add column if not exists "Phone; drop" text;

      -- belay:batch table=%1$s key=id alias=p repeatable=yes
      update %1$s p set "Phone; drop" = pg_catalog.substr(p.phone_e164, 2)
       where /* belay:range */ true and p."Phone; drop" is null and p.phone_e164 is not null;

      -- belay:batch table=surgery.visits key=patient,"Day"
      update visits set counted = counted + 1 where /* belay:range */ true;

      alter table %1$s drop column phone_e164;
      """
          .formatted(TABLE);

  final Target target;
  private final Path here;

  Surgery(Target target, Path here, int rows) {
    this.target = target;
    this.here = here;
    put(
        "belay.yaml",
        """
        lockTimeout: 300ms
        apps:
          surgery:
            schemas: [surgery]
            locations: ['filesystem:%s']
            undoLocations: ['%s']
        """
            .formatted(here.resolve("db"), here.resolve("undo")));
    put(
        "db/V1__patients.sql",
        """
        create table %s (id bigint primary key, "Phone; drop" text);
        create table visits (patient bigint, "Day" date, counted int not null default 0,
          primary key (patient, "Day"));
        """
            .formatted(TABLE));
    put(
        "db/V2__e164.sql",
        """
        alter table %1$s add column phone_e164 text;
        update %1$s set phone_e164 = '+' || "Phone; drop";
        alter table %1$s drop column "Phone; drop";
        """
            .formatted(TABLE));
    put("undo/U2__e164.sql", UNDO);
    flyway().migrate();
    sql(
        "insert into %s select i * 2, '+4100' || i from generate_series(1, %d) i"
            .formatted(TABLE, rows),
        "insert into surgery.visits select i, '2024-01-01'::date + mod(i, 3), 0 from generate_series(1, %d) i"
            .formatted(rows),
        "analyze");
  }

  Flyway flyway() {
    return RealFlyway.of(target, app(), true);
  }

  AppSettings app() {
    return new AppSettings(
        "surgery",
        List.of("surgery"),
        List.of(),
        List.of("filesystem:" + here.resolve("db")),
        List.of(),
        "surgery",
        "flyway_schema_history",
        Map.of(),
        Map.of());
  }

  void put(String name, String text) {
    Path file = here.resolve(name);
    TestFiles.write(file, text);
  }

  Database open() {
    return new JdbcDatabases("surgery-test").open(target);
  }

  void sql(String... statements) {
    try (Database session = open()) {
      for (String statement : statements) {
        session.execute(statement);
      }
    }
  }

  long number(String query) {
    try (Database session = open()) {
      return session.number(query);
    }
  }

  boolean test(String query) {
    try (Database session = open()) {
      return session.test(query);
    }
  }

  /** Waits until it is so in the database, while the run goes on. */
  void await(Future<?> run, String condition) {
    try (Database session = open()) {
      Await.until(condition, () -> session.test(condition), run);
    }
  }

  /** Waits until that is true of a run of batches. */
  void awaitRun(Future<?> run, String condition) {
    await(run, "select to_regclass('belay.batch_run') is not null");
    await(run, "select exists (select from belay.batch_run where %s)".formatted(condition));
  }

  /** Runs the command until it dies at the fail point, and the server knows it. */
  void killedAt(String failPoint, String... more) {
    ChildJvm.killed(failPoint, Main.class, here, environment(), words(more));
  }

  boolean hasColumn(String name) {
    return test(
        "select exists (select from pg_catalog.pg_attribute where attname = '%s' and not attisdropped)"
            .formatted(name));
  }

  Cli cli() {
    return new Cli(here).on(target);
  }

  static String[] words(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "gradual-rollback",
                "surgery",
                "2",
                "--yes",
                "--no-backup",
                "--delay-seconds",
                "0"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  Cli.Result run(int status, String... more) {
    return cli().expect(status, words(more));
  }

  Map<String, String> environment() {
    return PgVariables.of(target);
  }
}
