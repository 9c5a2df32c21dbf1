package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What docs/ci.md gives people to copy is run: scripts, steps of pipelines and units. */
class CiRecipesIT {
  private static final Pattern BLOCK =
      Pattern.compile(
          "(?:`(?<file>/etc/[^`]+)`:\n\n)?```(?<kind>\\w+)\n(?<text>.*?)```", Pattern.DOTALL);

  /** A block of the page; {@code file} is empty where the page names none. */
  private record Block(String kind, String file, String text) {}

  @TempDir Path folder;
  private Target target = TestServer.admin();

  @BeforeEach
  void makeAProject() throws IOException {
    target = TestServer.fresh("recipe");
    Files.createDirectories(folder.resolve("db/migration"));
    Files.createDirectories(folder.resolve("db/undo"));
    Files.writeString(
        folder.resolve("db/migration/V1__parcels.sql"),
        "create table public.parcel (id integer primary key, goes_to text);"
            + " insert into public.parcel select n, 'town ' || n % 7 from generate_series(1, 50) n;");
    Files.writeString(folder.resolve("db/undo/U1__parcels.sql"), "drop table public.parcel;");
    Flyway.configure()
        .dataSource(
            "jdbc:postgresql://%s:%d/%s"
                .formatted(
                    target.host(),
                    target.port(),
                    URLEncoder.encode(target.database(), StandardCharsets.UTF_8)),
            target.user(),
            target.password().map(Secret::reveal).orElse(""))
        .locations("filesystem:" + folder.resolve("db/migration"))
        .load()
        .migrate();
    Files.writeString(
        folder.resolve("db/migration/V2__weight.sql"),
        "alter table public.parcel add weight integer;");
    Files.writeString(
        folder.resolve("db/undo/U2__weight.sql"), "alter table public.parcel drop column weight;");
    Files.writeString(
        folder.resolve("belay.yaml"),
        """
        jobs: 1
        apps:
          post:
            schemas: [public]
            locations: ["filesystem:db/migration"]
            undoLocations: [db/undo]
        """);
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private static List<Block> blocks(String kind) throws IOException {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Files.readString(Path.of("docs/ci.md")));
    while (matcher.find()) {
      if (matcher.group("kind").equals(kind)) {
        String file = matcher.group("file");
        blocks.add(new Block(kind, file == null ? "" : file, matcher.group("text")));
      }
    }
    assertThat(blocks).as(kind).isNotEmpty();
    return blocks;
  }

  private Program program() {
    return new Program(folder).on(target);
  }

  private void succeeds(List<String> command) {
    Cli.Result result = program().run(command);
    assertThat(result.status()).as("%s%n%s%n%s", command, result.out(), result.err()).isZero();
  }

  private void backup() {
    succeeds(List.of(Program.LAUNCHER.toString(), "create-backup"));
  }

  private void assertMigrated() {
    try (Database database = new JdbcDatabases("recipe").open(target)) {
      assertThat(database.number("select count(weight) + count(*) from public.parcel"))
          .isEqualTo(50);
    }
    assertThat(folder.resolve("readiness.xml")).content().contains("<testsuites");
    assertThat(folder.resolve("integrity.xml")).content().contains("<testsuites");
  }

  @Test
  void theShellScriptMigratesAndRefusesWithoutAWayBack() throws IOException {
    Path script = folder.resolve("deploy");
    Files.writeString(script, blocks("sh").get(0).text());

    assertThat(program().run(List.of("dash", script.toString())).status()).isEqualTo(10);

    backup();
    succeeds(List.of("dash", script.toString()));
    assertMigrated();
  }

  @Test
  void theShellScriptPassesShellcheck() throws IOException {
    assumeTrue(
        program().run(List.of("sh", "-c", "command -v shellcheck")).status() == 0,
        "shellcheck is not installed: scripts/test installs it");
    Path script = folder.resolve("deploy");
    Files.writeString(script, blocks("sh").get(0).text());

    succeeds(List.of("shellcheck", script.toString()));
  }

  private static Map<?, ?> yaml(String text) {
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  private static Map<?, ?> map(Map<?, ?> of, String key) {
    return (Map<?, ?>) Objects.requireNonNull(of.get(key), key);
  }

  private static List<?> list(Map<?, ?> of, String key) {
    return (List<?>) Objects.requireNonNull(of.get(key), key);
  }

  @Test
  void theStepsOfGitHubActionsMigrate() throws IOException {
    Map<?, ?> workflow =
        blocks("yaml").stream()
            .map(block -> yaml(block.text()))
            .filter(each -> each.containsKey("jobs"))
            .findFirst()
            .orElseThrow();
    Map<?, ?> job = map(map(workflow, "jobs"), "migrate");
    assertThat(map(job, "env").toString()).contains("PGPASSWORD=${{ secrets.PGPASSWORD }}");
    backup();

    List<String> ran = new ArrayList<>();
    for (Object each : list(job, "steps")) {
      Object run = ((Map<?, ?>) each).get("run");
      if (run != null) {
        succeeds(List.of("bash", "-e", "-o", "pipefail", "-c", run.toString()));
        ran.add(run.toString());
      }
    }

    assertThat(ran).hasSizeGreaterThan(3);
    assertMigrated();
  }

  @Test
  void theJobsOfGitLabMigrate() throws IOException {
    Map<?, ?> pipeline =
        blocks("yaml").stream()
            .map(block -> yaml(block.text()))
            .filter(each -> each.containsKey("stages"))
            .findFirst()
            .orElseThrow();
    backup();

    for (Object stage : list(pipeline, "stages")) {
      List<Map<?, ?>> jobs = new ArrayList<>();
      for (Object value : pipeline.values()) {
        if (value instanceof Map<?, ?> job && stage.equals(job.get("stage"))) {
          jobs.add(job);
        }
      }
      assertThat(jobs).as(stage.toString()).isNotEmpty();
      for (Map<?, ?> job : jobs) {
        List<String> lines = list(job, "script").stream().map(Object::toString).toList();
        succeeds(List.of("sh", "-e", "-c", String.join("\n", lines)));
      }
    }
    assertMigrated();
  }

  @Test
  void systemdUnderstandsTheUnits() throws IOException {
    assumeTrue(
        program().run(List.of("sh", "-c", "command -v systemd-analyze")).status() == 0,
        "there is no systemd here");
    List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
    Path units = Files.createDirectories(folder.resolve("units"));
    for (Block unit : blocks("ini")) {
      assertThat(unit.file()).isNotEmpty();
      Path file = units.resolve(Path.of(unit.file()).getFileName());
      Files.writeString(
          file,
          unit.text()
              .replace("/opt/belay/bin/belay", Program.LAUNCHER.toString())
              .replace("User=belay", "User=" + System.getProperty("user.name")));
      command.add(file.toString());
    }

    Cli.Result result = program().run(command);

    List<String> complaints =
        result.err().lines().filter(line -> line.contains(units.toString())).toList();
    assertThat(complaints).as(result.err()).isEmpty();
    assertThat(result.err()).doesNotContain("Unknown key").doesNotContain("Failed to parse");
  }

  @Test
  void whatTheUnitsRunWorks() throws IOException {
    for (String unit : List.of("belay-backup.service", "belay-readiness.service")) {
      String text =
          blocks("ini").stream()
              .filter(block -> block.file().endsWith(unit))
              .findFirst()
              .orElseThrow()
              .text();
      text.lines()
          .filter(line -> line.startsWith("ExecStart="))
          .map(
              line ->
                  line.substring("ExecStart=".length())
                      .replace("/opt/belay/bin/belay", Program.LAUNCHER.toString())
                      .replace("/var/lib/node_exporter", folder.toString()))
          .forEach(line -> succeeds(List.of(line.split(" "))));
    }
    assertThat(folder.resolve("belay.prom")).content().containsPattern("belay_ready\\{.*} 1");
    assertThat(folder.resolve("belay.prom"))
        .content()
        .containsPattern("belay_backup_level\\{.*} 3");
  }
}
