package dev.belay.flyway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ScriptTextTest {
  @Test
  void isTheNumberThatFlywayRecords() throws IOException {
    assertThat(sum("create table a(id int);\n")).isEqualTo(-1193849269);
  }

  @Test
  void doesNotDependOnLineEndsOrAByteOrderMark() throws IOException {
    int expected = sum("a\nb\nc");
    assertThat(sum("a\r\nb\r\nc\r\n")).isEqualTo(expected);
    assertThat(sum("\uFEFFabc")).isEqualTo(expected);
    assertThat(sum("a\uFEFFbc")).isNotEqualTo(expected);
    assertThat(sum("a b c")).isNotEqualTo(expected);
  }

  @Test
  void keepsPairsOfSurrogatesTogetherAcrossChunks() throws IOException {
    String text = "x".repeat(8191) + "\uD83D\uDE00é€";
    CRC32 whole = new CRC32();
    whole.update(text.getBytes(StandardCharsets.UTF_8));

    assertThat(sum(text)).isEqualTo((int) whole.getValue());
    assertThat(sum("")).isZero();
  }

  private static int sum(String text) throws IOException {
    return ScriptText.checksum(new StringReader(text));
  }
}
