package dev.belay.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupIdTest {
  private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05.999Z");

  @Test
  void saysDatabaseAndTimeInUtc() {
    assertThat(BackupId.of("orders", BEGIN, 1)).isEqualTo("orders_20260102_030405");
    assertThat(BackupId.of("orders", BEGIN, 2)).isEqualTo("orders_20260102_030405_2");
    assertThat(BackupId.of("Orders-1_x", BEGIN, 1)).isEqualTo("Orders-1_x_20260102_030405");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a\"; drop table x; --",
        "../../etc/passwd",
        "..",
        ".",
        ".hidden",
        "-rf",
        "a/b",
        "a\\b",
        "a\nb",
        "a\u0000b",
        "Ünïcödé",
        "数据库",
        "100%",
        "$(reboot)",
        "`x`",
        "'quoted'",
        "*?[]",
        "~",
        "\u202egnp"
      })
  void aHostileNameIsAPlainNameOfOneFile(String database) {
    assertThat(BackupId.fileName(database)).matches("[A-Za-z0-9_%][A-Za-z0-9_%-]*");
    assertThat(BackupId.of(database, BEGIN, 1)).matches(BackupId.FORM);
  }

  @Test
  void differentNamesStayDifferent() {
    Set<String> names = new HashSet<>();
    for (char character = 1; character < 0x250; character++) {
      assertThat(names.add(BackupId.fileName("a" + character))).isTrue();
    }
    assertThat(names.add(BackupId.fileName("a%20"))).isTrue();
    assertThat(BackupId.fileName("a b")).isNotEqualTo(BackupId.fileName("a%20b"));
  }

  @Test
  void theLongestNameOfAllFitsAFileNameWithEverythingAroundIt() {
    String longest = "Ü".repeat(31) + "x";
    assertThat(longest.getBytes(StandardCharsets.UTF_8)).hasSize(63);

    String folder =
        "." + BackupId.of(longest, BEGIN, 1) + ".0123456789ab" + BackupDraft.SUFFIX + ".deleting";

    assertThat(folder.length()).isLessThan(255);
  }
}
