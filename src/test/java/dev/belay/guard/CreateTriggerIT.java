package dev.belay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.process.ShellWords;
import dev.belay.support.Await;
import dev.belay.support.Cli;
import dev.belay.support.Programs;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated scripts, run by dash and bash with an empty environment, as cron would. */
class CreateTriggerIT {
  private static final List<String> HOSTILE =
      List.of(
          "two words",
          "it's \"quoted\"",
          "line\nbreak",
          "$HOME `id` $(id) ${x}",
          "back\\slash\\\\",
          "-n",
          "--",
          "--yes",
          "",
          "*?[a-z]",
          "~",
          "a=b",
          "%s\\n",
          "; touch injected #",
          "Ünïcode 数据",
          "\ttab\r");

  @TempDir Path here;
  private Target target;
  private GuardStage stage;
  private Path belay;

  @BeforeEach
  void open() throws IOException {
    target = TestServer.fresh("triggered");
    stage = new GuardStage(here, target);
    belay =
        stage.file(
            "bin of \"it's\"/belay",
            "#!/bin/sh\nexec " + ShellWords.join(stage.command()) + " \"$@\"\n");
    assertThat(belay.toFile().setExecutable(true)).isTrue();
    Path arguments = stage.file("arguments", "#!/bin/sh\nprintf '%s\\0' \"$@\"\n");
    assertThat(arguments.toFile().setExecutable(true)).isTrue();
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
    TestServer.dropReplaced(target);
  }

  private Cli cli() {
    Cli cli =
        new Cli(here).on(target).with("PATH", System.getenv("PATH")).with("LC_ALL", "C.UTF-8");
    target.password().ifPresent(secret -> cli.with("PGPASSWORD", secret.reveal()));
    return cli;
  }

  private Path create(List<String> options, String... command) {
    Path script = here.resolve("a trigger.sh");
    List<String> words =
        new ArrayList<>(
            List.of(
                "create-trigger",
                "--file",
                script.toString(),
                "--belay",
                belay.toString(),
                "--force"));
    words.addAll(options);
    words.add("--");
    words.addAll(List.of(command));
    cli().expect(0, words.toArray(String[]::new));
    Programs.Result checked =
        Programs.run(Map.of(), Set.of(), "shellcheck", "-s", "sh", script.toString());
    assertThat(checked.status()).as(checked.out()).isZero();
    return script;
  }

  private GuardStage.Result run(String shell, Path script) throws IOException {
    Path out = Files.createTempFile("belay-test", ".out");
    Path err = Files.createTempFile("belay-test", ".err");
    Process process =
        new ProcessBuilder("env", "-i", shell, script.toString())
            .directory(Path.of("/").toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return GuardStage.result(process, out, err);
  }

  @Test
  void anyArgumentArrivesAsItIsInAnyShell() throws IOException {
    List<String> words = new ArrayList<>(List.of("./arguments"));
    words.addAll(HOSTILE);
    Path script = create(List.of("--name", "it's; \"$(id)\"\nso"), words.toArray(String[]::new));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(script)))
        .isEqualTo("rwx------");
    for (String shell : List.of("dash", "bash")) {
      GuardStage.Result result = run(shell, script);
      assertThat(result.status()).as(result.err()).isZero();
      String utf8 =
          new String(result.out().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      assertThat(utf8.split("\u0000", -1))
          .startsWith(HOSTILE.toArray(String[]::new))
          .hasSize(HOSTILE.size() + 1);
    }
    assertThat(here.resolve("injected")).doesNotExist();
    assertThat(Files.readString(here.resolve("a trigger.log")))
        .contains("begins (process")
        .contains("ended with status 0, belay guard with 0");
  }

  @Test
  void theStatusOfTheCommandIsTheScriptsAndWhatFailedIsTakenBack() throws IOException {
    Path script =
        create(
            List.of(),
            "sh",
            "-c",
            "psql -qXc 'create table half (id int)'; echo out; echo err >&2; exit 7");
    GuardStage.Result result = run("dash", script);
    assertThat(result.status()).as(result.err()).isEqualTo(7);
    assertThat(result.out()).isEqualTo("out\n");
    assertThat(result.err()).contains("err\n").contains("was restored");
    assertThat(stage.test("select to_regclass('half') is null")).isTrue();
    assertThat(Files.readString(here.resolve("a trigger.log")))
        .contains("out\n", "err\n", "ended with status 7, belay guard with 13");
  }

  @Test
  void emergencyRollbackBringsTheNewestBackupBack() throws IOException {
    cli().expect(0, "create-backup");
    Path script =
        create(
            List.of("--policy", "emergency-rollback", "--notify"),
            "sh",
            "-c",
            "psql -qXc 'create table half (id int)'; exit 3");
    GuardStage.Result result = run("bash", script);
    assertThat(result.status()).as(result.err()).isEqualTo(3);
    assertThat(stage.test("select to_regclass('half') is null")).isTrue();
    assertThat(Files.readString(here.resolve("a trigger.log")))
        .contains("belay emergency-rollback ended with status 0")
        .contains("nobody could be notified");
  }

  @Test
  void emergencyRollbackIsNotForWhatNobodyKnowsToBeTheCommands() throws IOException {
    stage.sql("create table orders (id int)");
    cli().expect(0, "create-backup");
    Path script =
        create(
            List.of("--policy", "emergency-rollback"),
            "sh",
            "-c",
            "psql -qXc 'insert into orders values (1)'; exit 3");
    GuardStage.Result result = run("dash", script);
    assertThat(result.status()).as(result.err()).isEqualTo(3);
    assertThat(stage.test("select count(*) = 1 from orders")).isTrue();
    script =
        create(
            List.of("--policy", "emergency-rollback"),
            "psql",
            "-qXc",
            "alter table orders add check (id > 1) not valid; insert into orders values (2)");
    result = run("dash", script);
    assertThat(stage.test("select count(*) = 2 from orders")).as(result.err()).isTrue();
    assertThat(Files.readString(here.resolve("a trigger.log")))
        .contains("no emergency-rollback, since it is not certain")
        .doesNotContain("belay emergency-rollback ended");
  }

  @Test
  void whatTheCommandLeavesRunningDoesNotHoldTheScript() throws IOException {
    // It writes to what the script waits for, longer than any test may take.
    Path script = create(List.of(), "sh", "-c", "sleep 600 & echo $! >left; echo begun");
    for (String shell : List.of("dash", "bash")) {
      GuardStage.Result result = run(shell, script);
      assertThat(result.status()).as(result.err()).isZero();
      assertThat(result.out()).isEqualTo("begun\n");
      long left = Long.parseLong(Files.readString(here.resolve("left")).strip());
      assertThat(ProcessHandle.of(left)).hasValueSatisfying(ProcessHandle::destroyForcibly);
    }
    assertThat(Files.readString(here.resolve("a trigger.log")))
        .contains("left something running that holds its output");
  }

  @Test
  void aSignalIsPassedOnToTheCommand() throws Exception {
    Path script =
        create(
            List.of(),
            "sh",
            "-c",
            "trap 'echo asked; exit 9' TERM; touch begun; while :; do sleep 0.05; done");
    Path out = here.resolve("out");
    Process process =
        new ProcessBuilder("env", "-i", "dash", script.toString())
            .redirectOutput(out.toFile())
            .redirectError(here.resolve("err").toFile())
            .start();
    Await.until("the command began", () -> Files.exists(here.resolve("begun")), process);
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(here.resolve("err"))).isEqualTo(9);
    assertThat(out).hasContent("asked");
  }

  @Test
  void noSecretIsWrittenAndWhereItComesFromIsSaid() throws IOException {
    Path script = here.resolve("rollback_scripts/automated_rollback_trigger.sh");
    Cli.Result result =
        cli()
            .with("PGPASSWORD", "hush-hush")
            .expect(0, "create-trigger", "--belay", belay.toString(), "--", "true");
    assertThat(result.out())
        .contains(script.toString())
        .contains("PGPASSWORD")
        .contains("~/.pgpass");
    assertThat(Files.readString(script)).doesNotContain("hush-hush").contains("PGPASSWORD");
    assertThat(
            cli()
                .expect(
                    11,
                    "create-trigger",
                    "--belay",
                    belay.toString(),
                    "--",
                    "true",
                    "--password=hush-hush")
                .err())
        .contains("secret among its words")
        .doesNotContain("hush-hush");
    assertThat(
            cli()
                .expect(
                    11,
                    "create-trigger",
                    "--belay",
                    belay.toString(),
                    "--",
                    "true",
                    "--password",
                    "hush-hush")
                .err())
        .doesNotContain("hush-hush");
    String[] named = {
      "create-trigger",
      "--dry-run",
      "--belay",
      belay.toString(),
      "--",
      "curl",
      "-u",
      "app:hush-hush"
    };
    assertThat(cli().expect(11, named).err()).doesNotContain("hush-hush");
    for (String variable :
        List.of("curl -u app:$PW https://h/x", "tool --password=\"$PASSWORD\" --quick")) {
      String[] words = {
        "create-trigger", "--dry-run", "--belay", belay.toString(), "--", "sh", "-c", variable
      };
      assertThat(cli().expect(0, words).out()).contains(variable.substring(0, 4));
    }
    Path secrets = stage.file("rollback_scripts/automated_rollback_trigger.env", "X='y'\n");
    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-r--r--"));
    GuardStage.Result open = run("dash", script);
    assertThat(open.status()).isEqualTo(12);
    assertThat(open.err()).contains("can be read by others");
  }

  @Test
  void whatSomebodyWroteOrEditedIsNotReplaced() throws IOException {
    Path script = here.resolve("mine.sh");
    Files.writeString(script, "#!/bin/sh\necho mine\n");
    String[] create = {
      "create-trigger", "--file", "mine.sh", "--belay", belay.toString(), "--", "true"
    };
    assertThat(cli().expect(11, create).err()).contains("no trigger of belay's");
    Files.delete(script);
    assertThat(cli().expect(0, create).out()).contains("Wrote");
    assertThat(cli().expect(0, create).out()).contains("Replaced");
    Files.writeString(script, Files.readString(script) + "# more\n");
    assertThat(cli().expect(11, create).err()).contains("was edited since");
    assertThat(
            cli()
                .expect(0, "create-trigger", "--dry-run", "--belay", belay.toString(), "--", "true")
                .out())
        .startsWith("#!/bin/sh\n");
  }

  @Test
  void aFolderThatCannotBeWrittenToAndACommandThatIsNotThereAreTold() {
    assertThat(
            cli()
                .expect(
                    12,
                    "create-trigger",
                    "--file",
                    "/proc/nowhere/x.sh",
                    "--belay",
                    belay.toString(),
                    "--",
                    "true")
                .err())
        .contains("cannot write /proc/nowhere/x.sh")
        .contains("--file");
    assertThat(
            cli()
                .expect(12, "create-trigger", "--belay", belay.toString(), "--", "no-such-tool")
                .err())
        .contains("not found along PATH");
    assertThat(
            cli()
                .expect(
                    2,
                    "create-trigger",
                    "--policy",
                    "pray",
                    "--belay",
                    belay.toString(),
                    "--",
                    "true")
                .err())
        .contains("emergency-rollback");
  }
}
