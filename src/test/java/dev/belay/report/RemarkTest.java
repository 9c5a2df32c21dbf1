package dev.belay.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What hooks and health checks add to an answer. */
class RemarkTest {
  private static final Remark WELL =
      new Remark("health", "shop", "healthy before and after", false);
  private static final Remark ILL =
      new Remark("hook", "hooks.migrate.after", "ended with 1:\nno \u001b[31mdisk", true);

  private record Answer(ExitCode exitCode, boolean databaseChanged) implements Report {
    @Override
    public List<String> lines() {
      return List.of("the answer");
    }
  }

  private static String rendered(Format format, ExitCode code, boolean changed, List<Remark> said) {
    StringWriter out = new StringWriter();
    new Renderer(format, "sample", Instant.EPOCH)
        .report(new Answer(code, changed), said, new PrintWriter(out));
    return out.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "OK, false, FINDINGS",
    "OK, true, INCOMPLETE",
    "FINDINGS, true, FINDINGS",
    "REFUSED, false, REFUSED",
    "INCOMPLETE, true, INCOMPLETE"
  })
  void aProblemMakesOfASuccessSomethingToLookAt(ExitCode own, boolean changed, ExitCode expected) {
    assertThat(Remark.worst(own, changed, List.of(WELL, ILL))).isEqualTo(expected);
    assertThat(Remark.worst(own, changed, List.of(WELL))).isEqualTo(own);
    assertThat(Remark.worst(null, changed, List.of(ILL))).isNull();
  }

  @Test
  void eachIsOneLineBelowTheAnswer() {
    assertThat(rendered(Format.text, ExitCode.OK, false, List.of(WELL, ILL)).lines())
        .containsExactly(
            "the answer",
            "health shop: healthy before and after",
            "hook hooks.migrate.after: ended with 1: no \\u001b[31mdisk (look at it)");
  }

  @Test
  void theEnvelopeHasThemAndTheExitStatusThatComesOfThem() {
    JsonNode envelope =
        Json.MAPPER.readTree(rendered(Format.json, ExitCode.OK, true, List.of(WELL, ILL)));

    assertThat(envelope.path("outcome").asString()).isEqualTo("INCOMPLETE");
    assertThat(envelope.path("exitStatus").asInt()).isEqualTo(20);
    assertThat(envelope.path("remarks").get(0).toString())
        .isEqualTo(
            "{\"kind\":\"health\",\"name\":\"shop\",\"result\":\"healthy before and after\",\"problem\":false}");
    assertThat(envelope.path("remarks").get(1).path("problem").asBoolean()).isTrue();
  }

  @Test
  void withoutAnyTheEnvelopeIsAsBefore() {
    assertThat(rendered(Format.json, ExitCode.OK, false, List.of())).doesNotContain("remarks");
  }
}
