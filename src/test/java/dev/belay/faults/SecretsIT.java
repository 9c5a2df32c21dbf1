package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.pgtools.Rig;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Cli;
import dev.belay.support.Cluster;
import dev.belay.support.Program;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords, keys and rights: nothing is told, nothing is open, and what lacks is named. */
class SecretsIT {
  private static final String PASSWORD = "ca%41n@ry 'and\" p$ss";
  private static final String CANARY = "canary-row-7531";
  private static Cluster cluster;
  @TempDir Path folder;
  private Ground ground;

  @BeforeAll
  static void start() {
    cluster = Cluster.with().rule("host all all 127.0.0.1/32 scram-sha-256").start();
    try (Database session = new JdbcDatabases("test").open(cluster.admin())) {
      session.execute(
          "create role keeper login superuser password '" + PASSWORD.replace("'", "''") + "'");
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void make() {
    try (Database session = new JdbcDatabases("test").open(cluster.admin())) {
      session.execute("create database \"the secrets\"");
    }
    ground = Ground.of(folder, cluster.admin().withDatabase("the secrets"));
    ground.sql("insert into public.orders values (0, '" + CANARY + "')");
  }

  @AfterEach
  void drop() {
    ground.drop();
    try (Database session = ground.maintenance()) {
      session.execute("drop role if exists lowly");
      session.execute("drop role if exists stranger");
    }
  }

  private Target as(String user, String password) {
    return new Target(
        "127.0.0.1",
        cluster.port(),
        ground.live.database(),
        user,
        Optional.of(new Secret(password)),
        Tls.PREFER,
        10);
  }

  // G1, G2
  @Test
  void thePasswordIsInNoCommandLineAndInNothingThatIsWritten() throws IOException {
    Path seen = folder.resolve("command lines");
    Path tools = ground.tools("cat /proc/[0-9]*/cmdline >>'%s' 2>/dev/null".formatted(seen));
    Ground keeper = new Ground(folder, as("keeper", PASSWORD));
    List<Cli.Result> said = new ArrayList<>();
    said.add(Ground.expect(0, keeper.with(tools), "create-backup", "--level", "restored"));
    said.add(
        Ground.expect(
            0, keeper.with(tools), "backup-restore", "latest", "--yes", "--output", "json"));
    said.add(keeper.expect(0, "config", "--output", "json"));
    said.add(keeper.expect(0, "config"));
    String url =
        "postgresql://keeper:%s@127.0.0.1:%d/no%%20such".formatted(encoded(), cluster.port());
    said.add(Ground.expect(12, keeper.program(), "list-migrations", "--url", url, "--verbose"));
    said.add(
        Ground.expect(12, keeper.program().with("PGPASSWORD", PASSWORD + "x"), "verify-state"));
    said.add(keeper.program().run("create-backup", "--url", "postgresql://keeper:" + PASSWORD));

    assertThat(Ground.text(seen)).contains("pg_dump", "pg_restore");
    List<String> all = new ArrayList<>(said.stream().map(each -> each.out() + each.err()).toList());
    for (Path file : files(folder)) {
      all.add(Files.readString(file, StandardCharsets.ISO_8859_1));
    }
    assertThat(all)
        .noneMatch(text -> text.contains(PASSWORD))
        .noneMatch(text -> text.contains(encoded()))
        .noneMatch(text -> text.contains("n@ry"))
        .noneMatch(text -> text.contains("and\\\" p$ss"));
  }

  private static String encoded() {
    return URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  // G4
  @Test
  void everythingIsClosedToOthersWhateverTheUmask() throws IOException {
    for (String umask : List.of("000", "022")) {
      Cli.Result result =
          ground
              .program()
              .run(
                  List.of(
                      "sh",
                      "-c",
                      "umask " + umask + "; exec belay create-backup --level restored"));
      assertThat(result.status()).as(result.err()).isZero();
    }
    ground.expect(0, "backup-restore", "latest", "--yes");

    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.filter(path -> !path.equals(folder)).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
            .as(each.toString())
            .isEqualTo(Files.isDirectory(each) ? "rwx------" : "rw-------");
      }
    }
  }

  // G11, G12, G13
  @Test
  void anEncryptedBackupLeavesNoPlaintextAndNeedsItsOwnKey() throws IOException {
    Rig.Keys keys = Rig.keys(folder, "key");
    Rig.Keys other = Rig.keys(folder, "other");
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Program program =
        ground
            .program()
            .with("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary)
            .with("TMPDIR", temporary.toString())
            .with("BELAY_IDENTITY_FILE", keys.file().toString());

    Ground.expect(0, program, "create-backup", "--encrypt-to", keys.publicKey());
    Ground.expect(0, program, "validate-backup", "--level", "restored");
    for (Path file : files(folder)) {
      assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
          .as(file.toString())
          .doesNotContain(CANARY);
    }

    program.with("BELAY_IDENTITY_FILE", other.file().toString());
    Cli.Result wrong = Ground.expect(12, program, "validate-backup");
    assertThat(wrong.out()).contains("not checked").doesNotContain("BAD");

    Files.setPosixFilePermissions(keys.file(), PosixFilePermissions.fromString("rw-r--r--"));
    program.with("BELAY_IDENTITY_FILE", keys.file().toString());
    Cli.Result open = program.run("backup-restore", "latest", "--yes");
    assertThat(open.status()).as(open.err()).isIn(2, 11, 12);
    assertThat(open.err()).contains(keys.file().toString(), "chmod");
    ground.assertOrders(Ground.ORDERS + 1);
  }

  // G6, G7: both at once
  @Test
  void tablesThatCannotBeReadWhollyAreAllNamedBeforeTheDump() {
    ground.sql(
        "create role lowly login password 'x'",
        "create table public.hidden (n integer)",
        "create table public.ruled (n integer)",
        "alter table public.ruled enable row level security",
        "grant select on public.orders, public.ruled to lowly");
    Ground lowly = new Ground(folder, as("lowly", "x"));

    Cli.Result refused = lowly.expect(11, "create-backup");

    assertThat(refused.err())
        .contains(
            "may not read public.hidden", "row-level security would hide rows of public.ruled")
        .doesNotContain("public.orders");
    assertThat(ground.backups()).isEmpty();
    ground.sql("drop owned by lowly");
  }

  // G8
  @Test
  void rolesThatAreMissingOnTheOtherServerAreNamedBefore() {
    ground.sql(
        "create role stranger",
        "create role lowly",
        "grant select on public.orders to stranger",
        "alter table public.orders owner to lowly");
    ground.expect(0, "create-backup", "--level", "checksummed");
    ground.sql("alter table public.orders owner to postgres", "drop owned by stranger");
    try (Database session = ground.maintenance()) {
      session.execute("drop role stranger");
      session.execute("drop role lowly");
    }

    Cli.Result refused = ground.expect(11, "backup-restore", "latest", "--yes");

    assertThat(refused.err())
        .contains("the role lowly is missing", "the role stranger is missing", "create role");
    ground.assertOrders(Ground.ORDERS + 1);
  }

  // no right to create databases
  @Test
  void whoMayNotCreateDatabasesRestoresInPlace() {
    ground.sql("create role lowly login password 'x'", "drop table public.orders");
    try (Database session = ground.maintenance()) {
      session.execute("alter database \"the secrets\" owner to lowly");
    }
    ground.sql("alter schema public owner to lowly");
    Ground lowly = new Ground(folder, as("lowly", "x"));
    lowly.sql(
        "create table public.orders (id integer primary key)",
        "insert into public.orders select generate_series(1, 20)");
    lowly.expect(0, "create-backup", "--level", "checksummed");
    lowly.sql("delete from public.orders");

    Cli.Result refused = lowly.expect(11, "backup-restore", "latest", "--yes");
    assertThat(refused.err()).contains("may not create databases", "--strategy in-place");

    lowly.expect(0, "backup-restore", "latest", "--strategy", "in-place", "--yes");
    lowly.assertOrders(20);
  }
}
