package dev.belay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordFileTest {
  private Machine machine;

  @BeforeEach
  void makeMachine(@TempDir Path root) {
    machine = new Machine(root);
  }

  @Test
  void takesTheFirstLineThatFits() {
    machine
        .homeFile(
            ".pgpass",
            """
            # passwords
            db2:*:*:*:wrong
            db1:5432:orders:app:right
            *:*:*:*:late
            """)
        .url("postgresql://app@db1/orders");

    assertThat(machine.password()).isEqualTo("right");
    assertThat(machine.shown("password")).isEqualTo("**** from ~/.pgpass:3");
    assertThat(machine.url("postgresql://app@db1/other").password()).isEqualTo("late");
  }

  @Test
  void understandsEscapesAndStopsAtTheNextColon() {
    machine.homeFile(".pgpass", "\\:\\:1:*:my\\:db:a\\\\b:p\\:w\\\\x:rest\n");

    assertThat(machine.url("postgresql://a%5Cb@[::1]/my%3Adb").password()).isEqualTo("p:w\\x");
  }

  @Test
  void takesAnEscapedStarLiterally() {
    machine.homeFile(".pgpass", "\\*:*:*:*:wrong\n").url("postgresql://db1/d");

    assertThat(machine.password()).isEqualTo("(none)");
  }

  @Test
  void knowsTheDefaultSocketFolderAsLocalhost() {
    machine.socket(5432).homeFile(".pgpass", "localhost:*:*:*:local\n").url("orders");

    assertThat(machine.target().isUnixSocket()).isTrue();
    assertThat(machine.password()).isEqualTo("local");
    assertThat(machine.url("postgresql:///orders?host=/somewhere/else").password())
        .isEqualTo("(none)");
  }

  @Test
  void ignoresAFileThatOthersMayReadAndSaysSo() throws Exception {
    machine.homeFile(".pgpass", "*:*:*:*:canary\n").url("postgresql://db1/d");
    Files.setPosixFilePermissions(
        machine.home.resolve(".pgpass"), PosixFilePermissions.fromString("rw-r-----"));

    assertThat(machine.password()).isEqualTo("(none)");
    assertThat(machine.setting("password").source())
        .contains("~/.pgpass ignored")
        .contains("0640")
        .contains("chmod 600 ~/.pgpass");
  }

  @Test
  void losesToThePasswordOfTheEnvironment() {
    machine.homeFile(".pgpass", "*:*:*:*:file\n").with("PGPASSWORD", "variable");

    assertThat(machine.url("postgresql://db1/d").password()).isEqualTo("variable");
  }

  @Test
  void readsAnotherFileWhereOneIsNamed() {
    machine
        .homeFile("passes", "*:*:*:*:pgpassfile\n")
        .file("own", "*:*:*:*:own\n")
        .with("PGPASSFILE", machine.home.resolve("passes").toString())
        .url("postgresql://db1/d");

    assertThat(machine.password()).isEqualTo("pgpassfile");
    assertThat(machine.file("belay.yaml", "passwordFile: own\n").password()).isEqualTo("own");
  }

  @Test
  void missesAFileOnlyWhereBelayWasToldOfIt() {
    machine.with("PGPASSFILE", "/not/there").url("postgresql://db1/d");
    assertThat(machine.password()).isEqualTo("(none)");

    machine.file("belay.yaml", "passwordFile: not-there\n");
    assertThatThrownBy(machine::load).hasMessageContaining("belay.yaml:1");
  }
}
