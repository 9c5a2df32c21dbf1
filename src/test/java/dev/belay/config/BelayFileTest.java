package dev.belay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BelayFileTest {
  private Machine machine;

  @BeforeEach
  void makeMachine(@TempDir Path root) {
    machine = new Machine(root);
  }

  private Failure failure() {
    return Assertions.catchThrowableOfType(Failure.class, machine::load);
  }

  @Test
  void hasDefaultsForEverything() {
    Settings settings = machine.load();

    assertThat(settings.maintenanceDatabase()).isEqualTo("postgres");
    assertThat(settings.environment()).isEqualTo("development");
    assertThat(settings.folders().backups()).isEqualTo(machine.work.resolve("backups"));
    assertThat(settings.folders().journal()).isEqualTo(machine.work.resolve(".belay/journal"));
    assertThat(settings.jobs()).isEqualTo(Math.min(4, Runtime.getRuntime().availableProcessors()));
    assertThat(settings.compress()).isEqualTo("auto");
    assertThat(settings.encryptTo()).isEmpty();
    assertThat(settings.stallTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.lockTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.keepDays()).isEqualTo(30);
    assertThat(settings.keepMin()).isEqualTo(3);
    assertThat(settings.logFile()).isEqualTo(machine.work.resolve("belay.log"));
    assertThat(settings.all()).isSortedAccordingTo(Comparator.comparing(Setting::name));
  }

  @Test
  void readsEveryKind() {
    machine.file(
        "belay.yaml",
        """
        environment: production
        jobs: 3
        stall-timeout: 90s
        encryptTo: [age1a, age1b]
        identityFile: ~/identity
        folders:
          backups: /srv/backups
        retention:
          keepDays: 7
        """);
    Settings settings = machine.load();

    assertThat(settings.isProduction()).isTrue();
    assertThat(settings.jobs()).isEqualTo(3);
    assertThat(settings.stallTimeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.encryptTo()).containsExactly("age1a", "age1b");
    assertThat(settings.identityFile()).contains(machine.home.resolve("identity"));
    assertThat(settings.folders().backups()).isEqualTo(Path.of("/srv/backups"));
    assertThat(settings.keepDays()).isEqualTo(7);
    assertThat(machine.shown("retention.keepDays")).isEqualTo("7 from belay.yaml:9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "folders:\napps:\njobs: ~\n", "jobs:\n"})
  void takesAnEmptyFileAsNoSettings(String text) {
    assertThat(machine.file("belay.yaml", text).load().folders().backups())
        .isEqualTo(machine.work.resolve("backups"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "keepDayz: 3 | belay.yaml:1: unknown key 'keepDayz' | retention.keepDays",
        "folders: {backup: x} | belay.yaml:1: unknown key 'folders.backup' | folders.backups",
        "hots: db1 | belay.yaml:1: unknown key 'hots' | host",
        "apps: {a: {schema: x}} | belay.yaml:1: unknown key 'schema' of the app 'a' | schemas",
      })
  void namesTheNearestKeyForOneThatIsUnknown(String text, String message, String nearest) {
    machine.file("belay.yaml", text + "\n");

    assertThat(failure().exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure().message()).isEqualTo(message);
    assertThat(failure().hint()).isEqualTo("did you mean " + nearest + "?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "jobs: many | jobs is 'many', not a number from 1 to 256",
        "jobs: 0 | jobs is '0', not a number from 1 to 256",
        "jobs: 99999999999 | jobs is '99999999999', not a number",
        "jobs: [1] | jobs is a list, not one value",
        "lockTimeout: soon | lockTimeout is 'soon', not a duration",
        "lockTimeout: 2d | lockTimeout is '2d', not from 1 ms to 1 h",
        "compress: best | compress is 'best'",
        "port: 99999 | the port is not a number from 1 to 65535",
        "folders: x | folders is a value, not keys with values",
        "apps: {'a b': {schemas: x}} | 'a b' cannot be the name of an app",
        "apps: {a: } | the app 'a' is empty",
        "retention: {keepDays: -1} | retention.keepDays is '-1'",
      })
  void showsValueAndPlaceOfWhatIsWrong(String text, String message) {
    machine.file("belay.yaml", "# first\n" + text + "\n");

    assertThat(failure().exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure().message()).startsWith("belay.yaml:2: ").contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password: *canary\n",
        "password: 'canary\n",
        "password: @canary\n",
        "password: %canary\n",
        "password: {canary\n",
        "password: canary: x\n",
        "password: ${canary\n",
        "password: !canary ]\n",
      })
  void showsNothingOfTextThatIsNotYaml(String text) {
    machine.file("belay.yaml", text);

    assertThat(failure().exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure().message() + failure().hint()).doesNotContain("canary");
    assertThat(failure().message()).startsWith("belay.yaml:");
  }

  @Test
  void refusesAKeyThatIsThereTwice() {
    machine.file("belay.yaml", "lockTimeout: 1s\nlock-timeout: 2s\n");

    assertThat(failure().message()).isEqualTo("belay.yaml:2: lockTimeout is there twice");
  }

  @Test
  void putsEnvironmentVariablesIntoValues() {
    machine
        .file(
            "belay.yaml",
            """
            host: ${DB_HOST}
            database: ${DB_NAME:-orders}
            user: a$${b}
            """)
        .with("DB_HOST", "db9");
    assertThat(machine.target()).hasToString("orders@db9:5432");
    assertThat(machine.target().user()).isEqualTo("a${b}");

    machine.file("belay.yaml", "\nhost: ${NOT_SET}\n");
    assertThat(failure().message())
        .isEqualTo("belay.yaml:2: the environment variable NOT_SET is not set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "database: d\npassword: canary\n",
        "database: d\nurl: postgresql://app:canary@db1/d\n",
        "database: d\nurl: host=db1 dbname=d password=canary\n",
        "database: d\npassword: ${PW:-canary}\n",
        "database: d\nnotify: {slack: {token: canary}}\n",
      })
  void refusesAnOpenFileWithAPasswordInIt(String text) {
    machine.with("PW", "x").file("belay.yaml", text);
    assertThat(machine.load().all()).isNotEmpty();

    machine.mode("belay.yaml", "rw-r--r--");

    assertThat(failure().exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure().message()).startsWith("belay.yaml:2 holds a password").contains("0644");
    assertThat(failure().message()).doesNotContain("canary");
    assertThat(failure().hint()).isEqualTo("chmod 600 belay.yaml");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password: ${PW}\n",
        "url: postgresql://app:${PW}@db1:${PORT:-5432}/d\n",
        "passwordFile: passes\n",
        "environment: production\n",
      })
  void letsAnOpenFileBeWhoseSecretsAreElsewhere(String text) {
    machine.with("PW", "x").file("passes", "").file("belay.yaml", text);

    assertThat(machine.mode("belay.yaml", "rw-r--r--").load().all()).isNotEmpty();
  }

  @Test
  void keepsReservedMapsForOthersAndMasksTheirSecrets() {
    machine.file(
        "belay.yaml",
        """
        hooks:
          create-backup:
            before: [stop, "${not touched}"]
        notify:
          slack: {webhook: 'https://canary', token: canary}
        health: {query: select 1}
        scratch: {url: 'postgresql://u:canary@h/d'}
        """);

    assertThat(machine.shown("hooks.create-backup.before.1"))
        .isEqualTo("${not touched} from belay.yaml:3");
    assertThat(machine.load().all().toString()).doesNotContain("canary");
  }

  @Test
  void theAdvisedFlagsMeanAnotherServerWhateverTheFileSays() {
    machine.file("belay.yaml", "scratch: {server: embedded}\n");
    String advised = ScratchSettings.ON_ANOTHER_SERVER.replace("…", "u@proofs/d");
    for (String flag : ShellWords.split(advised)) {
      int equals = flag.indexOf('=');
      if (equals > 0) {
        machine.set(flag.substring(0, equals), flag.substring(equals + 1));
      }
    }

    ScratchSettings scratch = machine.load().scratch();

    assertThat(scratch.server()).isEqualTo(ScratchSettings.Server.OTHER);
    assertThat(scratch.url().orElseThrow().host()).isEqualTo("proofs");
  }

  @Test
  void readsAnotherFileWhereOneIsNamed() {
    machine.file("belay.yaml", "jobs: 1\n").file("other/own.yaml", "jobs: 2\n");

    assertThat(machine.with("BELAY_CONFIG", "other/own.yaml").load().jobs()).isEqualTo(2);
    assertThat(machine.shown("jobs")).isEqualTo("2 from other/own.yaml:1");
    assertThat(machine.config("belay.yaml").load().jobs()).isEqualTo(1);
    machine.config("missing.yaml");
    assertThat(failure().message()).isEqualTo("--config: the file missing.yaml does not exist");
  }

  @Test
  void saysThatAFileOfTheOtherEndingIsNotRead() {
    machine.file("belay.yml", "jobs: 1\n");

    assertThat(failure().hint()).isEqualTo("mv belay.yml belay.yaml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"keep-days", "keepDays", "retention.keepDays", "retention.keep-days"})
  void takesNamesOfFlagsInEitherForm(String name) {
    assertThat(machine.set(name, "5").load().keepDays()).isEqualTo(5);
    assertThat(machine.shown("retention.keepDays")).isEqualTo("5 from --set " + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"BELAY_KEEP_DAYS", "BELAY_RETENTION_KEEP_DAYS", "BELAY_KEEPDAYS"})
  void takesNamesOfVariablesInEitherForm(String name) {
    machine.file("belay.yaml", "retention: {keepDays: 9}\n");

    assertThat(machine.with(name, "5").load().keepDays()).isEqualTo(5);
    assertThat(machine.shown("retention.keepDays")).isEqualTo("5 from " + name);
  }

  @Test
  void letsFlagsWinOverTheEnvironment() {
    machine.with("BELAY_JOBS", "2").set("jobs", "7");

    assertThat(machine.load().jobs()).isEqualTo(7);
  }

  @Test
  void refusesNamesThatAreNoSettings() {
    machine.set("keep-dayz", "5");
    assertThat(failure().message()).isEqualTo("--set keep-dayz: there is no such setting");
    assertThat(failure().hint()).contains("retention.keepDays");

    machine = machine.without("keep-dayz").with("BELAY_KEEP_DAYZ", "5");
    assertThat(failure().message()).isEqualTo("BELAY_KEEP_DAYZ names no setting");
    assertThat(failure().hint()).contains("BELAY_RETENTION_KEEP_DAYS");
  }

  @Test
  void isNotFooledByVariablesThatKubernetesSets() {
    machine.with("BELAY_SERVICE_HOST", "10.0.0.1").with("BELAY_PORT_80_TCP", "tcp://10.0.0.1:80");

    assertThat(machine.load().reached()).isNull();
  }

  @Test
  void saysWhatItCannotRead() {
    assertThatThrownBy(() -> machine.config(".").load())
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
  }
}
