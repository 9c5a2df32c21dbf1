package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all commands share, on a command that has everything. */
class CommandTest {
  private final Path folder;
  private final CommandTester program;

  CommandTest(@TempDir Path folder) {
    this.folder = folder;
    this.program = Sample.in(folder);
  }

  @Test
  void yesCarriesThePlanOutAndShowsIt() {
    CommandTester.Result result = program.run("sample", "orders", "--yes");
    assertThat(result.status()).isZero();
    assertThat(result.out()).isEqualTo("done: true\n");
    assertThat(result.err()).isEqualTo("Plan: change orders\n  1. one\\u000aline\n  ! 5 rows\n");
  }

  @Test
  void aDryRunStopsAfterThePlanEvenWithYes() {
    CommandTester.Result result = program.run("sample", "orders", "--yes", "--dry-run");
    assertThat(result.status()).isZero();
    assertThat(result.out()).isEqualTo("done: false\n");
    assertThat(result.err()).startsWith("Plan: change orders\n");
  }

  @Test
  void whereNobodyIsThereItRefuses() {
    CommandTester.Result result = program.run("sample", "orders");
    assertThat(result.status()).isEqualTo(11);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .endsWith(
            """
            error: nobody is there to confirm the plan
            state: the database was not changed
            hint: look at the plan above, then run the same command with --yes
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"y", "Y", " yes ", "YES"})
  void yesIsYes(String answer) {
    assertThat(program.answering(answer, "sample", "orders").status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "n", "no", "yeah", "orders", "ye s"})
  void everythingElseIsNo(String answer) {
    assertThat(program.answering(answer, "sample", "orders").status()).isEqualTo(11);
  }

  @Test
  void theEndOfInputIsNo() {
    assertThat(program.run(true, List.of(), "sample", "orders").status()).isEqualTo(11);
  }

  @Test
  void productionAsksForTheName() {
    String[] command = {"sample", "Orders", "--production"};
    assertThat(program.answering("Orders", command).status()).isZero();
    assertThat(program.answering("orders", command).status()).isEqualTo(11);
    assertThat(program.answering("y", command).err())
        .contains("Type the name of the database (Orders)");
  }

  @Test
  void progressHasOneFormAndTheLogHasEverything() throws IOException {
    CommandTester.Result result = program.run("sample", "x", "--yes", "--act=talk");
    String time = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d";
    assertThat(result.err().lines().skip(3))
        .satisfiesExactly(
            line -> assertThat(line).matches(time + " - INFO - a step"),
            line -> assertThat(line).matches(time + " - WARN - a warning"));
    assertThat(program.run("sample", "x", "--yes", "--act=talk", "-v").err())
        .contains(" - DEBUG - a detail\n");
    Path log = folder.resolve("belay.log");
    assertThat(Files.readString(log))
        .contains("belay sample x --yes --act=talk", "a step", "a warning", "a detail");
    assertThat(Files.getPosixFilePermissions(log))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void coloursAreForATerminalThatWantsThem() {
    String[] command = {"sample", "x", "--yes", "--act=talk"};
    assertThat(program.run(true, List.of(), command).err()).contains("\u001b[");
    assertThat(program.run(command).err()).doesNotContain("\u001b");
    CommandTester plain = new CommandTester(folder, Map.of("NO_COLOR", "1"));
    assertThat(plain.run(true, List.of(), command).err()).doesNotContain("\u001b");
    assertThat(plain.run(true, List.of(), "sample", "--bad").err()).doesNotContain("\u001b");
    assertThat(program.run(true, List.of(), "sample", "--bad").err())
        .startsWith("\u001b[1;31merror:\u001b[0m ");
  }

  @Test
  void noSecretOfTheCommandLineIsInTheLog() throws IOException {
    program.run(
        "sample",
        "x",
        "--yes",
        "--url",
        "postgresql://app:canary%401@db1/orders",
        "--set",
        "password=canary two words canary");
    String log = Files.readString(folder.resolve("belay.log"));
    assertThat(log).contains("postgresql://app:****@db1/orders").doesNotContain("canary");
  }

  @Test
  void aDefectIsThreeLinesAndItsTraceIsInTheLog() throws IOException {
    CommandTester.Result result = program.run("sample", "x", "--yes", "--act=defect");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .endsWith(
            """
            error: a defect of belay: java.lang.IllegalStateException: a bug
            state: not known to be touched
            hint: report it with its trace, at the end of belay.log or below
            """)
        .doesNotContain("\tat ");
    assertThat(Files.readString(folder.resolve("belay.log"))).contains("\tat dev.belay.cli.Sample");
  }

  @Test
  void tooLittleMemoryIsToldAsSuchAlsoAsJson() {
    CommandTester.Result result =
        program.run("sample", "x", "--yes", "--act=memory", "--output=json");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).contains("\"outcome\": \"UNEXPECTED\"", "\"databaseChanged\": true");
    assertThat(result.err()).contains("too little memory", "-Xmx");
  }

  @Test
  void aComplaintOfPicocliFromInsideIsAUsageError() {
    CommandTester.Result result = program.run("sample", "x", "--yes", "--act=parameter");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("error: late complaint\n", "hint: belay sample --help\n");
  }

  @Test
  void aFailureAsJsonIsAnEnvelopeToo() {
    CommandTester.Result result =
        program.run("sample", "x", "--yes", "--act=refuse", "--output", "json");
    assertThat(result.status()).isEqualTo(11);
    assertThat(result.out())
        .contains("\"command\": \"sample\"", "\"exitStatus\": 11", "\"hint\": \"do\"");
  }
}
