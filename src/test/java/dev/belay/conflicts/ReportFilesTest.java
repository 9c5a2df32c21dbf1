package dev.belay.conflicts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.archive.Sha256;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
  private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
  @TempDir private Path folder = Path.of("");

  @Test
  void whatIsWrittenIsReadBackWithItsNulls() {
    HistoryCopy copy = copy("orders", "ward");
    Path file = new ReportFiles(folder.resolve("a/b")).writeCopy(copy);
    assertThat(file.getFileName()).hasToString("orders_ward_history_20260301_120000.json");
    assertThat(ReportFiles.readCopy(file)).isEqualTo(copy);
  }

  @Test
  void twoOfOneSecondDoNotOverwriteEachOther() {
    ReportFiles files = new ReportFiles(folder);
    Path first = files.writeReport("o", "a", AT, "one");
    Path second = files.writeReport("o", "a", AT, "two");
    assertThat(first).hasContent("one");
    assertThat(second).hasContent("two").hasFileName("o_a_20260301_120000_2.md");
  }

  @Test
  void noNameLeavesTheFolderOrIsTooLong() throws IOException {
    ReportFiles files = new ReportFiles(folder);
    String longest = "ü".repeat(31) + "x";
    files.writeReport("../../etc", "passwd", AT, "");
    files.writeReport(longest, "Ü".repeat(63), AT, "");
    files.writeReport(longest, "Ü".repeat(62) + "x", AT, "");
    files.writeReport(". \0", "\"; drop table\n", AT, "");
    try (var written = Files.list(folder)) {
      assertThat(written.map(file -> String.valueOf(file.getFileName())))
          .hasSize(4)
          .allMatch(name -> name.matches("[A-Za-z0-9_%-]{1,230}\\.md"));
    }
  }

  @Test
  void whatIsNoCopyIsRefused() throws IOException {
    Path file = new ReportFiles(folder).writeCopy(copy("orders", "ward"));
    Files.writeString(file.resolveSibling(file.getFileName() + ".checksum"), "x");
    assertThatThrownBy(() -> ReportFiles.readCopy(file))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.FINDINGS));
    for (String text : List.of("{}", "[]", "not json", "{\"form\": 99}", "")) {
      Path other = folder.resolve("other.json");
      Files.writeString(other, text);
      Files.writeString(
          folder.resolve("other.json.checksum"),
          Sha256.of(text.getBytes(StandardCharsets.UTF_8)) + "  other.json\n");
      assertThatThrownBy(() -> ReportFiles.readCopy(other))
          .isInstanceOfSatisfying(
              Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE));
    }
  }

  private static HistoryCopy copy(String database, String app) {
    return new HistoryCopy(
        HistoryCopy.FORM,
        AT,
        "a test",
        "0123456789ab",
        null,
        database,
        42,
        app,
        "s",
        "t",
        new HistoryContent(
            List.of(
                new HistoryContent.Column("installed_rank", "integer"),
                new HistoryContent.Column("version", "text")),
            List.of(Arrays.asList("1", null), Arrays.asList("2", "x\"ü\n"))));
  }
}
