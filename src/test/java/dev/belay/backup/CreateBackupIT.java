package dev.belay.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.archive.Backups;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.pgtools.PostgresTools;
import dev.belay.pgtools.Rig;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.ServerInfo;
import dev.belay.report.Json;
import dev.belay.support.Children;
import dev.belay.support.Cli;
import dev.belay.support.Programs;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Backups by the real pg_dump, from the command line to the proof. */
@Timeout(120)
class CreateBackupIT {
  private final Databases databases = new JdbcDatabases("belay-test");
  private final Path here;
  private Target target = TestServer.admin();

  CreateBackupIT(@TempDir Path here) {
    this.here = here;
  }

  @BeforeEach
  void create() {
    target = TestServer.fresh("orders");
    sql(
        "create table public.orders (id integer primary key, note text)",
        "insert into public.orders select n, 'note ' || n from generate_series(1, 5000) n");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private void sql(String... statements) {
    try (Database session = databases.open(target)) {
      for (String statement : statements) {
        session.execute(statement);
      }
    }
  }

  private Cli cli() {
    return new Cli(here).on(target);
  }

  private JsonNode json(int status, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--output";
    all[arguments.length + 1] = "json";
    return Json.MAPPER.readTree(cli().expect(status, all).out()).get("result");
  }

  private ObjectNode manifest(JsonNode result) throws IOException {
    return (ObjectNode)
        Json.MAPPER.readTree(
            Files.readString(Path.of(result.get("path").stringValue(), "manifest.json")));
  }

  private static long rows(JsonNode manifest, String table) {
    for (JsonNode each : manifest.get("content").get("tables")) {
      if (each.get("name").get("table").stringValue().equals(table)) {
        return each.get("content").get("rows").longValue();
      }
    }
    throw new AssertionError("no table " + table);
  }

  @Test
  void hostileNamesGoIntoABackupAndComeBackOutOfIt() throws IOException {
    List<String> names =
        List.of(
            "x\"; drop table orders; --",
            "UPPER case",
            "ünï ' \\ %s $1 *?",
            "-rf",
            "日本語".repeat(7),
            "tab\tnew\nline");
    for (String name : names) {
      Identifier quoted = new Identifier(name);
      sql(
          "create schema " + quoted,
          "create table %s.%s (id integer, data bytea)".formatted(quoted, quoted),
          "insert into %s.%s values (1, '\\x00ff'), (2, null)".formatted(quoted, quoted));
    }
    sql("select pg_catalog.lo_from_bytea(0, '\\xdeadbeef')", "create schema empty");

    JsonNode result = json(0, "create-backup", "--level", "restored", "--pin");

    assertThat(result.get("level").stringValue()).isEqualTo("restored");
    assertThat(result.get("tables").intValue()).isEqualTo(names.size() + 1);
    assertThat(result.get("rows").longValue()).isEqualTo(5000 + 2 * names.size());
    assertThat(result.get("restoreMillis").longValue()).isPositive();
    assertThat(result.get("pinned").booleanValue()).isTrue();
    assertThat(result.get("id").stringValue()).matches("orders%20[A-Za-z0-9_%-]+_\\d{8}_\\d{6}");
    JsonNode manifest = manifest(result);
    names.forEach(name -> assertThat(rows(manifest, name)).isEqualTo(2));
    assertThat(manifest.get("content").get("largeObjects").get("count").longValue()).isEqualTo(1);
    assertThat(manifest.get("database").get("name").stringValue()).isEqualTo(target.database());
    assertThat(cli().expect(0, "list-backups").out())
        .contains("restored")
        .contains("complete, pinned");
    assertThat(leftDatabases()).isEmpty();
  }

  private List<String> leftDatabases() {
    try (Database session = databases.open(TestServer.admin())) {
      return session.list(
          "select datname from pg_catalog.pg_database where datname like 'belay\\_scratch%'",
          row -> row.getString(1));
    }
  }

  /** pg_dump is held before its first query, until the client has written. */
  @Test
  void theManifestIsOfTheSnapshotWhateverIsWrittenMeanwhile() throws Exception {
    Path programs = Files.createDirectory(here.resolve("programs"));
    Path started = here.resolve("started");
    Path gate = here.resolve("gate");
    Programs.run("mkfifo", gate.toString());
    wrap(programs, "pg_dump", "echo started > '%s'; read go < '%s'".formatted(started, gate));
    wrap(programs, "pg_restore", ":");
    CompletableFuture<JsonNode> backup =
        CompletableFuture.supplyAsync(
            () ->
                json(
                    0,
                    "create-backup",
                    "--set",
                    "postgresPrograms=" + programs,
                    "--level",
                    "restored"));
    Children.awaitFile(started);
    sql(
        "delete from public.orders where id <= 1000",
        "update public.orders set note = 'later' where id > 4000",
        "insert into public.orders select n, 'new' from generate_series(9001, 9500) n",
        "create table public.later as select 1 as n");
    Files.writeString(gate, "go\n");

    JsonNode result = backup.get(90, TimeUnit.SECONDS);

    assertThat(result.get("level").stringValue()).isEqualTo("restored");
    assertThat(rows(manifest(result), "orders")).isEqualTo(5000);
    assertThat(result.get("tables").intValue()).isEqualTo(1);
  }

  private void wrap(Path folder, String name, String before) throws IOException {
    Path real = realPrograms().resolve(name);
    Path file = folder.resolve(name);
    Files.writeString(
        file,
        """
        #!/bin/sh
        if [ "$1" != --version ]; then %s; fi
        exec %s "$@"
        """
            .formatted(before, real));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Path realPrograms() {
    try (Database session = databases.open(target)) {
      Path dump =
          new PostgresTools(Optional.empty(), System.getenv())
              .dumpFor(ServerInfo.of(session))
              .path();
      return dump.resolveSibling(".").normalize();
    }
  }

  @Test
  void aManifestThatClaimsMoreThanTheDumpHoldsIsFoundByTheRestore() throws IOException {
    sql("create table public.\"odd table\" as select 1 as n");
    JsonNode result = json(0, "create-backup", "--level", "restored");
    Path folder = Path.of(result.get("path").stringValue());
    ObjectNode manifest = manifest(result);
    for (JsonNode table : manifest.get("content").get("tables")) {
      if (table.get("name").get("table").stringValue().equals("odd table")) {
        ((ObjectNode) table.get("content")).put("rows", 2);
      }
    }
    String good = Files.readString(folder.resolve("manifest.json"));
    Backups.seal(folder, Json.pretty(manifest) + "\n");

    JsonNode found = json(10, "validate-backup", "latest", "--level", "restored");
    assertThat(found.get("backups").get(0).get("problems").toString()).contains("odd table");
    assertThat(found.get("backups").get(0).get("level").stringValue()).isEqualTo("readable");

    Backups.seal(folder, good);
    JsonNode mended = json(0, "validate-backup", "latest", "--level", "restored");
    assertThat(mended.get("backups").get(0).get("level").stringValue()).isEqualTo("restored");
    assertThat(leftDatabases()).isEmpty();
  }

  @Test
  void damageThatTheManifestSwearsByIsFoundByPgRestore() throws IOException {
    JsonNode result = json(0, "create-backup", "--level", "listed", "--compress", "gzip:1");
    assertThat(result.get("level").stringValue()).isEqualTo("listed");
    Path folder = Path.of(result.get("path").stringValue());
    ObjectNode manifest = manifest(result);
    for (JsonNode file : manifest.get("files")) {
      String path = file.get("path").stringValue();
      if (path.endsWith(".dat.gz")) {
        byte[] bytes = Files.readAllBytes(folder.resolve(path));
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(folder.resolve(path), bytes);
        String sum =
            Programs.run("sha256sum", folder.resolve(path).toString()).out().substring(0, 64);
        ((ObjectNode) file).put("sha256", sum);
      }
    }
    Backups.seal(folder, Json.pretty(manifest) + "\n");
    json(0, "validate-backup", "latest", "--level", "checksummed");

    JsonNode found = json(10, "validate-backup");
    assertThat(found.get("backups").get(0).get("problems")).isNotEmpty();
    assertThat(found.get("backups").get(0).get("level").stringValue()).isEqualTo("checksummed");
  }

  @Test
  void soundIsSoundOrSaysWhyItCouldNotBeChecked() {
    sql("drop schema public cascade", "create schema s", "create table s.t (id int primary key)");
    Cli.Result made = cli().run("create-backup", "--level", "sound");
    if (amcheck()) {
      assertThat(made.status()).as(made.err() + made.out()).isZero();
      assertThat(made.out()).contains("proven     sound");
    } else {
      assertThat(made.status()).as(made.err() + made.out()).isEqualTo(12);
      assertThat(made.out())
          .contains("proven     restored")
          .contains("not proven sound: the extension amcheck is not installed on the server");
    }
  }

  private boolean amcheck() {
    try (Database session = databases.open(target)) {
      return session.test(
          "select exists (select from pg_catalog.pg_available_extensions where name = 'amcheck')");
    }
  }

  @Test
  void anEncryptedOneIsProvenOnlyWhereItsKeyIs() throws IOException {
    Rig.Keys keys = Rig.keys(here, "key.txt");
    String[] create = {"create-backup", "--encrypt-to", keys.publicKey()};

    Cli.Result blind = cli().expect(0, create);
    assertThat(blind.out())
        .contains(", encrypted")
        .contains("proven     checksummed")
        .contains(
            "not proven readable: the backup is encrypted, and no identityFile is configured");
    Cli.Result asked =
        cli().expect(12, "create-backup", "--encrypt-to", keys.publicKey(), "--level", "readable");
    assertThat(asked.out()).contains("not proven readable");
    assertThat(cli().expect(12, "validate-backup").out()).contains("not checked");

    cli().expect(0, "validate-backup", "all", "--set", "identityFile=" + keys.file());
    JsonNode restored =
        json(0, "validate-backup", "--level", "restored", "--set", "identityFile=" + keys.file());
    assertThat(restored.get("backups").get(0).get("level").stringValue()).isEqualTo("restored");
    Rig.Keys wrong = Rig.keys(here, "wrong.txt");
    Cli.Result closed = cli().run("validate-backup", "--set", "identityFile=" + wrong.file());
    assertThat(closed.status()).isIn(10, 12);
    for (String file : Backups.files(here.resolve("backups"))) {
      assertThat(
              new String(
                  Files.readAllBytes(here.resolve("backups").resolve(file)),
                  StandardCharsets.ISO_8859_1))
          .doesNotContain("note 4711");
    }
  }

  @Test
  void aPartialOneIsMarkedAndCannotBeProvenAsADatabase() throws IOException {
    sql(
        "create table public.events (id int, at date) partition by range (at)",
        "create table public.\"e 2024\" partition of public.events for values from ('2024-01-01') to ('2025-01-01')",
        "insert into public.events values (1, '2024-05-05')",
        "create table public.other as select 1 as n");

    JsonNode result = json(0, "create-backup", "--table", "public.ev*", "-t", "orders");

    assertThat(result.get("partial").booleanValue()).isTrue();
    assertThat(result.get("tables").intValue()).isEqualTo(2);
    assertThat(rows(manifest(result), "e 2024")).isEqualTo(1);
    assertThat(cli().expect(0, "list-backups").out()).contains("partial, public.ev* orders");
    assertThat(cli().expect(12, "validate-backup", "latest").err())
        .contains("there is no whole backup");
    String id = result.get("id").asString();
    assertThat(cli().expect(12, "validate-backup", id, "--level", "restored").out())
        .contains("a partial backup is no database by itself");
    assertThat(cli().expect(0, "create-backup", "--table", "public.orders").out())
        .contains("only a part of the database, no point to go back to")
        .doesNotContain("backup-restore");
    assertThat(cli().expect(2, "create-backup", "--table", "public.nothing").err())
        .contains("no table is meant by 'public.nothing'");
  }

  @Test
  void anAppIsItsSchemas() throws IOException {
    sql("create schema \"Med s\"", "create table \"Med s\".t as select 1 as n");
    Files.writeString(
        here.resolve("belay.yaml"),
        """
        apps:
          medications:
            schemas: ['Med s']
          gone:
            schemas: ['not there']
        """);
    JsonNode result = json(0, "create-backup", "--app", "medications");
    assertThat(result.get("tables").intValue()).isEqualTo(1);
    assertThat(cli().expect(0, "list-backups").out()).contains("partial, app medications");
    assertThat(cli().expect(2, "create-backup", "--app", "gone").err())
        .contains(
            "the app gone has the schema 'not there', and the database has none of that name");
  }

  @Test
  void aDryRunSaysThatNothingIsInTheWayAndLeavesNothing() throws IOException {
    Path left = Files.createDirectories(here.resolve("backups/.x_20240301_120000.abc.partial"));
    Files.setLastModifiedTime(left, FileTime.fromMillis(0));

    Cli.Result result = cli().expect(0, "create-backup", "--dry-run");

    assertThat(result.out())
        .startsWith("Nothing stands in the way of a backup of " + target.database())
        .contains("tables     1,");
    JsonNode answer = json(0, "create-backup", "--dry-run");
    assertThat(answer.propertyNames())
        .containsExactly(
            "database",
            "id",
            "path",
            "takenAt",
            "tables",
            "rows",
            "totalBytes",
            "databaseBytes",
            "durationMillis",
            "encrypted",
            "partial",
            "pinned",
            "tool",
            "level",
            "wantedLevel",
            "restoreMillis",
            "migrations",
            "problems",
            "notChecked",
            "levelAsked");
    assertThat(answer.get("id").isNull()).isTrue();
    assertThat(answer.get("tables").intValue()).isEqualTo(1);
    assertThat(Backups.files(here.resolve("backups"))).isEmpty();
    assertThat(left).exists();
    assertThat(cli().expect(0, "create-backup").err())
        .contains("the unfinished backup of an unknown run was removed");
    assertThat(left).doesNotExist();
  }
}
