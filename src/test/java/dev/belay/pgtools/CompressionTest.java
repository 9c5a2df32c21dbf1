package dev.belay.pgtools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
  @ParameterizedTest
  @CsvSource({
    "auto,    --compress=1, --compress=zstd:1, zstd:3",
    "none,    --compress=0, --compress=none,   none",
    "gzip,    --compress=6, --compress=gzip,   gzip",
    "GZip:9 , --compress=9, --compress=gzip:9, gzip:9",
    "zstd:19, refused,      --compress=zstd:19, zstd:19",
    "zstd,    refused,      --compress=zstd,   zstd:3",
    "lz4,     refused,      --compress=lz4,    refused"
  })
  void eachVersionGetsItInItsOwnWords(String text, String old, String current, String encrypted) {
    Compression compression = Compression.parse(text);
    assertThat(arguments(compression, tool(15))).isEqualTo(old);
    assertThat(arguments(compression, tool(16))).isEqualTo(current);
    assertThat(encrypted(compression, tool(15))).isEqualTo(encrypted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "zip",
        "gzip:0",
        "gzip:10",
        "zstd:20",
        "zstd:0",
        "none:1",
        "auto:1",
        "gzip:",
        "gzip:x",
        "gzip:999999",
        "lz4:13",
        "gzip:1;rm"
      })
  void whatIsNoneIsAMistakeOfTheUser(String text) {
    Failure failure = catchThrowableOfType(Failure.class, () -> Compression.parse(text));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.message()).startsWith("'" + text + "' is no compression");
  }

  @Test
  void whatTheToolCannotDoIsSaidWithWhatItCan() {
    Failure failure =
        catchThrowableOfType(Failure.class, () -> Compression.parse("zstd:3").forTool(tool(15)));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.message()).contains("cannot compress with zstd");
    assertThat(failure.hint()).contains("gzip:1");
  }

  private static String arguments(Compression compression, Tool tool) {
    try {
      return String.join(" ", compression.forTool(tool).arguments(tool));
    } catch (Failure refused) {
      return "refused";
    }
  }

  private static String encrypted(Compression compression, Tool tool) {
    try {
      return compression.forEncrypted(tool).toString();
    } catch (Failure refused) {
      return "refused";
    }
  }

  private static Tool tool(int major) {
    return new Tool(Path.of("/bin/pg_dump"), "pg_dump", major, major + ".1");
  }
}
