package dev.belay.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.PgVariables;
import dev.belay.support.Programs;
import dev.belay.support.Quiet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a check as Belay does, fast and gently, and as psql does, and compares. */
final class CheckLab implements AutoCloseable {
  /** Names with which everything that is not quoted breaks, one of 63 bytes among them. */
  static final String SCHEMA = "S \"ch;'e ma";

  static final String TABLE = "T\"; drop table x; -- Ä";
  static final String LONG = "L".repeat(62) + "x";

  private static final Pattern ROWS = Pattern.compile("\\((\\d+) rows?\\)\\s*$");

  final Lab lab = new Lab("checks");

  CheckLab() {
    run("create schema " + quoted(SCHEMA));
  }

  /** The name quoted for SQL. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A table of that name in the hostile schema, quoted for SQL. */
  static String table(String name) {
    return quoted(SCHEMA) + "." + quoted(name);
  }

  void run(String... statements) {
    lab.run(statements);
  }

  /** Changes the catalogue, as only damage or a careless superuser does. */
  void tamper(String... statements) {
    run("set allow_system_table_mods = on");
    run(statements);
    run("reset allow_system_table_mods");
  }

  /** What each way of running gives; asserts that they agree in the number of findings. */
  List<Finding> findings(String id) {
    CheckResult fast = result(id, Pace.fast(2));
    CheckResult gentle = result(id, Pace.forBusy());
    assertThat(fast.unchecked()).as("not checked").isEmpty();
    assertThat(gentle.unchecked()).as("not checked, gently").isEmpty();
    assertThat(gentle.findingCount()).as("gently").isEqualTo(fast.findingCount());
    assertThat(psql(id)).as("rows in psql").isEqualTo(fast.findingCount());
    return fast.findings();
  }

  CheckResult result(String id, Pace pace) {
    return checking(pace).run(List.of(check(id))).get(0);
  }

  Checking checking(Pace pace) {
    return new Checking(lab::worker, pace, Duration.ofSeconds(1), 10, Quiet.progress())
        .lookingAt(lab.session(), CheckScope.WHOLE);
  }

  static Check check(String id) {
    return Checks.builtIn().stream()
        .filter(check -> check.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** How many rows the file gives in psql. */
  long psql(String id) {
    Programs.Result result = inPsql(check(id).sql());
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    Matcher rows = ROWS.matcher(result.out());
    assertThat(rows.find()).as(result.out()).isTrue();
    return Long.parseLong(rows.group(1));
  }

  /** What psql makes of a file with that text. */
  Programs.Result inPsql(String text) {
    try {
      Path file = Files.createTempFile("belay-check", ".sql");
      try {
        Files.writeString(file, text);
        return inPsql(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  private Programs.Result inPsql(Path file) {
    return Programs.run(
        PgVariables.of(lab.target()),
        Set.of("PGOPTIONS"),
        "psql",
        "-X",
        "-v",
        "ON_ERROR_STOP=1",
        "-P",
        "pager=off",
        "-f",
        file.toString());
  }

  @Override
  public void close() {
    lab.close();
  }
}
