package dev.belay.pgtools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.postgres.ServerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PostgresToolsTest {
  private final Path root;

  PostgresToolsTest(@TempDir Path root) {
    this.root = root;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1) | 15 | 15.18",
        "pg_dump (PostgreSQL) 9.6.24                          | 9  | 9.6.24",
        "pg_dump (PostgreSQL) 19beta2                         | 19 | 19beta2",
        "pg_dump (PostgreSQL) 19devel                         | 19 | 19devel",
        "pg_dump (PostgreSQL) 16                              | 16 | 16"
      })
  void versionsAreRead(String printed, int major, String version) {
    assertThat(Tool.parse(root, "pg_dump", printed))
        .hasValue(new Tool(root, "pg_dump", major, version));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pg_restore (PostgreSQL) 15.18",
        "pg_dump (EnterpriseDB) 15",
        "pg_dump (PostgreSQL) x15",
        "usage: pg_dump (PostgreSQL) 15"
      })
  void whatIsNoVersionIsNone(String printed) {
    assertThat(Tool.parse(root, "pg_dump", printed)).isEmpty();
  }

  @Test
  void theServersOwnMajorIsTakenElseTheNearestNewer() {
    install(14, 16, 99);
    assertThat(tools().dumpFor(server(14)).major()).isEqualTo(14);
    assertThat(tools().dumpFor(server(15)).major()).isEqualTo(16);
    assertThat(tools().dumpFor(server(17)).major()).isEqualTo(99);
  }

  @Test
  void whenAllAreOlderEachIsNamedAndThePackageToo() {
    install(13, 14);
    Failure failure = failure(() -> tools().dumpFor(server(16)));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(failure.message())
        .startsWith("the server is PostgreSQL 16.4, which needs pg_dump 16 or newer; found: ")
        .contains("pg_dump 13.1 (" + root.resolve("usr/lib/postgresql/13/bin/pg_dump") + ")")
        .contains("pg_dump 14.1 (");
    assertThat(failure.hint()).contains("16");
  }

  @Test
  void whenThereIsNoneThatIsSaid() {
    assertThat(failure(() -> tools().dumpFor(server(16))).message()).endsWith("none was found");
  }

  @Test
  void aRestoreTakesWhatReadsTheArchiveAndSuitsTheTarget() {
    install(15, 16, 18);
    assertThat(tools().restoreFor(15, server(16)).major()).isEqualTo(16);
    assertThat(tools().restoreFor(16, server(15)).major()).isEqualTo(16);
    assertThat(tools().restoreFor(15, server(17)).major()).isEqualTo(18);
    assertThat(tools().restoreFor(15, server(19)).major()).isEqualTo(18);
    assertThat(tools().readerFor(16).major()).isEqualTo(16);
    assertThat(failure(() -> tools().restoreFor(19, server(15))).message())
        .startsWith("the backup was written by pg_dump 19, which needs pg_restore 19 or newer");
  }

  @Test
  void theWrapperOfDebianIsNotTakenWhereverItIs() throws IOException {
    install(15);
    Path bin = Files.createDirectories(root.resolve("path"));
    Path wrapper = bin.resolve("pg_wrapper");
    script(wrapper, "#!/usr/bin/perl\n# see ~/.postgresqlrc or user_clusters\n");
    Files.createSymbolicLink(bin.resolve("pg_dump"), wrapper);
    Files.copy(wrapper, bin.resolve("pg_restore"));
    Files.setPosixFilePermissions(
        bin.resolve("pg_restore"), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(ToolPlaces.isWrapper(bin.resolve("pg_dump"))).isTrue();
    assertThat(ToolPlaces.isWrapper(bin.resolve("pg_restore"))).isTrue();
    Map<String, String> environment = Map.of("PATH", bin + ":relative:" + root.resolve("none"));
    PostgresTools tools = new PostgresTools(Optional.empty(), ToolPlaces.under(root, environment));
    assertThat(tools.dumpFor(server(15)).path())
        .isEqualTo(root.resolve("usr/lib/postgresql/15/bin/pg_dump"));
    assertThat(failure(() -> tools.dumpFor(server(16))).message()).doesNotContain(bin + "");
  }

  @Test
  void theRealWrapperOfThisMachineIsRecognisedWhereItIs() {
    Path wrapper = Path.of("/usr/bin/pg_dump");
    if (Files.exists(Path.of("/usr/share/postgresql-common/pg_wrapper"))) {
      assertThat(ToolPlaces.isWrapper(wrapper)).isTrue();
    }
    assertThat(new PostgresTools(Optional.empty(), System.getenv()).dumpFor(server(15)).path())
        .isNotEqualTo(wrapper);
  }

  @Test
  void oneFileThatIsFoundInTwoWaysCountsOnce() throws IOException {
    install(13);
    Path bin = Files.createDirectories(root.resolve("path"));
    Files.createSymbolicLink(
        bin.resolve("pg_dump"), root.resolve("usr/lib/postgresql/13/bin/pg_dump"));
    PostgresTools tools =
        new PostgresTools(Optional.empty(), ToolPlaces.under(root, Map.of("PATH", bin.toString())));
    assertThat(failure(() -> tools.dumpFor(server(16))).message()).doesNotContain(bin + "");
  }

  @Test
  void aConfiguredFolderIsTheOnlyOne() {
    install(15, 16);
    Path folder = root.resolve("usr/lib/postgresql/15/bin");
    PostgresTools tools = new PostgresTools(Optional.of(folder), System.getenv());
    assertThat(tools.dumpFor(server(15)).path()).isEqualTo(folder.resolve("pg_dump"));
    Failure failure = failure(() -> tools.dumpFor(server(16)));
    assertThat(failure.message()).contains("(postgresPrograms)");
    assertThat(failure.hint()).contains("--set postgres-programs");
  }

  @Test
  void aWrongConfiguredFolderIsSaidToBeWrongInWhatWay() throws IOException {
    Path missing = root.resolve("missing");
    assertThat(configured(missing).message()).contains("the folder " + missing + " is not there");
    Path empty = Files.createDirectories(root.resolve("empty"));
    assertThat(configured(empty).message()).contains("there is no pg_dump in " + empty);
    Path mode = Files.createDirectories(root.resolve("mode"));
    Files.writeString(mode.resolve("pg_dump"), "#!/bin/sh\n");
    assertThat(configured(mode).message()).contains("may not be executed");
    Path wrapper = Files.createDirectories(root.resolve("wrapper"));
    script(wrapper.resolve("pg_dump"), "#!/usr/bin/perl\n# pg_wrapper\n");
    assertThat(configured(wrapper).message()).contains("is a wrapper");
    assertThat(configured(empty).exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
  }

  @Test
  void aProgramThatDoesNotAnswerIsNamedAndNotTaken() throws IOException {
    Path broken = Files.createDirectories(root.resolve("usr/lib/postgresql/17/bin"));
    script(broken.resolve("pg_dump"), "#!/bin/sh\nexit 127\n");
    Path chatty = Files.createDirectories(root.resolve("usr/lib/postgresql/18/bin"));
    script(chatty.resolve("pg_dump"), "#!/bin/sh\nhead -c 300000 /dev/zero\n");
    assertThat(failure(() -> tools().dumpFor(server(15))).message())
        .contains("not usable: ")
        .contains(broken + "/pg_dump (--version ended with 127)")
        .contains(chatty + "/pg_dump");
  }

  private Failure configured(Path folder) {
    return failure(
        () -> new PostgresTools(Optional.of(folder), System.getenv()).dumpFor(server(15)));
  }

  private PostgresTools tools() {
    return new PostgresTools(Optional.empty(), ToolPlaces.under(root, Map.of()));
  }

  private void install(int... majors) {
    for (int major : majors) {
      Path bin = root.resolve("usr/lib/postgresql/" + major + "/bin");
      Rig.program(bin, "pg_dump", major + ".1", "exit 9");
      Rig.program(bin, "pg_restore", major + ".1", "exit 9");
    }
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static ServerInfo server(int major) {
    return new ServerInfo(major * 10_000 + 4, major + ".4", false);
  }

  private static Failure failure(ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(Failure.class, call);
  }
}
