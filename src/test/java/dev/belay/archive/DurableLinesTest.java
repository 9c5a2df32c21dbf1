package dev.belay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableLinesTest {
  @TempDir Path folder;

  /** A line as this version of it is. */
  record Seen(String about, int number) {}

  private DurableLines<Seen> lines(int most) {
    return new DurableLines<>(folder.resolve("new"), "seen.jsonl", Seen.class, Seen::about, most);
  }

  @Test
  void whatItCannotReadOrOnlyInPartStaysWordForWord() throws IOException {
    DurableLines<Seen> lines = lines(10);
    lines.add(List.of(new Seen("a", 1)));
    List<String> strange =
        List.of(
            "null",
            "{\"number\":7}",
            "{\"about\":null,\"number\":7}",
            "{\"about\":\"a\", \"number\":2, \"later\":{\"x\":[1]}}",
            "[1, 2]",
            "{\"half\":");
    Files.write(
        lines.file(),
        String.join("\n", strange).getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.APPEND);

    lines.add(List.of(new Seen("b", 3)));

    assertThat(lines.all()).containsExactly(new Seen("a", 1), new Seen("a", 2), new Seen("b", 3));
    List<String> all = new ArrayList<>(List.of("{\"about\":\"a\",\"number\":1}"));
    all.addAll(strange);
    all.add("{\"about\":\"b\",\"number\":3}");
    assertThat(Files.readAllLines(lines.file())).isEqualTo(all);
  }

  @Test
  void manyLinesAboutOneThingDriveOutNoneAboutAnother() throws IOException {
    DurableLines<Seen> lines = lines(3);
    lines.add(List.of(new Seen("rare", 0)));
    Files.writeString(lines.file(), "of another belay\n", StandardOpenOption.APPEND);

    lines.add(IntStream.range(0, 20).mapToObj(number -> new Seen("often", number)).toList());

    assertThat(lines.all())
        .containsExactly(
            new Seen("rare", 0),
            new Seen("often", 17),
            new Seen("often", 18),
            new Seen("often", 19));
    assertThat(Files.readAllLines(lines.file())).contains("of another belay").hasSize(5);
  }

  @Test
  void aFileThatCannotBeReadIsNotWrittenAnew() throws IOException {
    DurableLines<Seen> lines = lines(3);
    assertThat(lines.all()).isEmpty();
    Path other = Files.writeString(folder.resolve("other"), "mine");
    Files.createDirectories(folder.resolve("new"));
    Files.createSymbolicLink(lines.file(), other);

    assertThatThrownBy(() -> lines.add(List.of(new Seen("a", 1))))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
    assertThat(lines.file()).isSymbolicLink();
    assertThat(other).hasContent("mine");
  }
}
