package dev.belay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RendererTest {
  private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05.678Z");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** An answer with one field of each kind that answers have. */
  record Answer(
      String name,
      List<Part> parts,
      long sizeBytes,
      Instant createdAt,
      boolean databaseChanged,
      ExitCode exitCode)
      implements Report {
    record Part(String table, long rows) {}

    @Override
    public List<String> lines() {
      return List.of(name + ": " + parts.size() + " tables");
    }
  }

  private static Answer answer(boolean changed) {
    return new Answer(
        "orders \"ü\n",
        List.of(
            new Answer.Part("public.a", 1), new Answer.Part("public.b", 9_007_199_254_740_993L)),
        0,
        BEGIN,
        changed,
        ExitCode.FINDINGS);
  }

  @Test
  void anAnswerAsJson() {
    renderer(Format.json).report(answer(true), new PrintWriter(out));
    assertThat(golden(out)).isEqualTo(file("answer.json"));
  }

  @Test
  void aFailureAsJson() {
    renderer(Format.json).failure(failure(), new PrintWriter(out), new PrintWriter(err));
    assertThat(golden(out)).isEqualTo(file("failure.json"));
    assertThat(err.toString()).isEqualTo(file("failure.txt"));
  }

  @Test
  void aFailureAsTextIsThreeLinesWhateverIsInIt() {
    renderer(Format.text).failure(failure(), new PrintWriter(out), new PrintWriter(err));
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).isEqualTo(file("failure.txt"));
  }

  @Test
  void colourIsForTheWordOnly() {
    new Renderer(Format.text, "x", BEGIN, true)
        .failure(failure(), new PrintWriter(out), new PrintWriter(err));
    assertThat(err.toString().replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(file("failure.txt"));
    assertThat(err.toString()).startsWith("\u001b[1;31merror:\u001b[0m ");
  }

  @Test
  void anAnswerThatCannotBeWrittenIsNotTakenForSuccess() throws IOException {
    assertThat(lost(false).exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(lost(true).exitCode()).isEqualTo(ExitCode.INCOMPLETE);
    assertThat(lost(true).state()).contains("only the answer is lost");
  }

  private Failure lost(boolean changed) throws IOException {
    try (OutputStream full = new FileOutputStream("/dev/full")) {
      PrintWriter writer = new PrintWriter(full, false, StandardCharsets.UTF_8);
      assertThatThrownBy(() -> renderer(Format.text).report(answer(changed), writer))
          .isInstanceOf(Failure.class);
      try {
        renderer(Format.json).report(answer(changed), writer);
        throw new AssertionError("it was written");
      } catch (Failure failure) {
        return failure;
      }
    }
  }

  private static Failure failure() {
    return Failure.incomplete(
        "the swap broke:\n  ERROR \u001b[31mred", "look\tat it", "run: belay undo-restore");
  }

  private static Renderer renderer(Format format) {
    return new Renderer(format, "list-backups", BEGIN);
  }

  private static String golden(StringWriter written) {
    return written.toString().replaceFirst("\"durationMillis\": \\d+", "\"durationMillis\": 0");
  }

  private static String file(String name) {
    try (InputStream file = RendererTest.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new AssertionError(name + " is not there");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException cannot) {
      throw new AssertionError(cannot);
    }
  }
}
