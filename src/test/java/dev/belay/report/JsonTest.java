package dev.belay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.JacksonException;

/** A manifest from disk is hostile input: it must be refused, in bounded time and memory. */
@Timeout(30)
class JsonTest {
  /** What manifests are made of. */
  record Table(String name, long rows, Instant at, Optional<String> note, List<String> columns) {}

  private static final String GOOD =
      "{\"name\":\"a\",\"rows\":1,\"at\":\"2026-01-02T03:04:05Z\",\"columns\":[\"x\"]}";

  @Test
  void aRecordComesBackAsItWas() {
    Table table =
        new Table(
            "ü \"",
            1L << 60,
            Instant.parse("2026-01-02T03:04:05.123456Z"),
            Optional.of("n"),
            List.of());
    assertThat(Json.MAPPER.readValue(Json.pretty(table), Table.class)).isEqualTo(table);
    assertThat(Json.pretty(table)).contains("\"2026-01-02T03:04:05.123456Z\"").doesNotContain("\r");
  }

  @Test
  void unknownFieldsAreIgnored() {
    Table table = read(GOOD.replace("}", ",\"later\":{\"x\":[1]}}"));
    assertThat(table.rows()).isEqualTo(1);
    assertThat(table.note()).isEmpty();
  }

  @Test
  void aFieldThatIsThereTwiceIsRefused() {
    refuse(GOOD.replace("\"rows\":1", "\"rows\":1,\"rows\":2"));
  }

  @Test
  void aNumberThatIsMissingOrNullIsNotTakenForZero() {
    refuse(GOOD.replace("\"rows\":1,", ""));
    refuse(GOOD.replace("\"rows\":1", "\"rows\":null"));
  }

  @Test
  void whatIsNotOneWholeDocumentIsRefused() {
    refuse("");
    refuse(GOOD.substring(0, GOOD.length() - 1));
    refuse(GOOD + "x");
    refuse(GOOD + GOOD);
    refuse("null and void");
  }

  @Test
  void numbersThatDoNotFitAreRefused() {
    refuse(GOOD.replace("\"rows\":1", "\"rows\":9223372036854775808"));
    refuse(GOOD.replace("\"rows\":1", "\"rows\":1e999999999"));
    refuse(GOOD.replace("\"rows\":1", "\"rows\":" + "9".repeat(2_000_000)));
    refuse(GOOD.replace("\"rows\":1", "\"rows\":1.5"));
    refuse(GOOD.replace("\"rows\":1", "\"rows\":\"many\""));
    refuse(GOOD.replace("\"rows\":1", "\"rows\":NaN"));
  }

  @Test
  void deepNestingIsRefused() {
    int depth = 1_000_000;
    refuse(
        GOOD.replace(
            "\"columns\"", "\"later\":" + "[".repeat(depth) + "]".repeat(depth) + ",\"columns\""));
  }

  @Test
  void otherKindsWhereOneIsExpectedAreRefused() {
    refuse(GOOD.replace("[\"x\"]", "{\"x\":1}"));
    refuse(GOOD.replace("\"2026-01-02T03:04:05Z\"", "\"yesterday\""));
    refuse("[]");
  }

  @Test
  void aSecretNeverGetsIntoJson() {
    assertThat(Json.pretty(Map.of("password", new Secret("canary")))).doesNotContain("canary");
  }

  @Test
  void durationsAreNotWrittenAsFloatingPoint() {
    assertThat(Json.pretty(Map.of("d", Duration.ofSeconds(5)))).contains("\"PT5S\"");
  }

  private static Table read(String text) {
    return Json.MAPPER.readValue(text, Table.class);
  }

  private static void refuse(String text) {
    assertThatThrownBy(() -> read(text))
        .as(text.substring(0, Math.min(200, text.length())))
        .isInstanceOf(JacksonException.class);
  }
}
