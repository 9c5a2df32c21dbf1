package dev.belay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of the configuration that a room reads for itself. */
class SectionTest {
  @TempDir Path folder;
  private Machine machine;

  @BeforeEach
  void make() {
    machine = new Machine(folder);
  }

  private Section watch(String yaml) {
    return machine.file("belay.yaml", yaml).load().section("watch");
  }

  private static void assertUsage(Runnable read, String... words) {
    assertThatThrownBy(read::run)
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(failure.message() + " / " + failure.hint()).contains(words);
            });
  }

  @Test
  void whatNobodyWroteIsEmptyAndGivesFallbacks() {
    Section section = watch("jobs: 2\n");

    assertThat(section.isEmpty()).isTrue();
    assertThat(section.keys()).isEmpty();
    assertThat(section.has("limit")).isFalse();
    assertThat(section.text("limit", "none")).isEqualTo("none");
    assertThat(section.number("limit", 7, 1, 9)).isEqualTo(7);
    assertThat(section.percent("limit", 5)).isEqualTo(5);
    assertThat(section.flag("limit", true)).isTrue();
    assertThat(section.list("limit")).isEmpty();
    assertThat(section.duration("limit", "3s", Duration.ZERO, Duration.ofDays(1)))
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(section.choice("limit", DayOfWeek.class, DayOfWeek.MONDAY))
        .isEqualTo(DayOfWeek.MONDAY);
    section.allowOnly(List.of());
  }

  @Test
  void keysAreFoundInAnySpellingAndKeepTheirOrder() {
    Section section =
        watch("watch: {round-Trip: 10ms, error_rate: 5%, LIMIT: 3, deep: {er: {x: 1}}}\n");

    assertThat(section.keys()).containsExactly("round-Trip", "error_rate", "LIMIT", "deep");
    assertThat(section.duration("roundTrip", "1s", Duration.ZERO, Duration.ofDays(1)))
        .isEqualTo(Duration.ofMillis(10));
    assertThat(section.percent("errorRate", 0)).isEqualTo(5);
    assertThat(section.number("limit", 0, 0, 9)).isEqualTo(3);
    assertThat(section.section("DEEP").section("er").text("X")).contains("1");
    assertThat(section.has("deep")).isTrue();
    section.allowOnly(List.of("roundTrip", "errorRate", "limit", "deep"));
  }

  @Test
  void anUnknownKeyIsRefusedWithItsLineAndTheNearest() {
    Section section = watch("jobs: 2\nwatch:\n  errorRat: 5%\n");

    assertUsage(
        () -> section.allowOnly(List.of("errorRate", "limit")),
        "belay.yaml:3",
        "unknown key 'errorRat' of watch",
        "did you mean errorRate?");
  }

  @Test
  void aValueThatMakesNoSenseIsRefusedWithItsLineAndAnExample() {
    Section section =
        watch(
            "watch:\n  number: 12\n  percent: 101%\n  time: soon\n  flag: perhaps\n  day: someday\n  token: hunter22\n");

    assertUsage(
        () -> section.number("number", 5, 1, 9),
        "belay.yaml:2: watch.number is '12', not a number from 1 to 9",
        "write for example number: 5");
    assertUsage(() -> section.percent("percent", 5), "belay.yaml:3", "101%", "0 to 100 %");
    assertUsage(
        () -> section.duration("time", "3s", Duration.ZERO, Duration.ofDays(1)),
        "belay.yaml:4",
        "not a duration",
        "time: 3s");
    assertUsage(() -> section.flag("flag", true), "belay.yaml:5", "neither true nor false");
    assertUsage(
        () -> section.choice("day", DayOfWeek.class, DayOfWeek.MONDAY),
        "none of monday, tuesday",
        "day: monday");
    assertUsage(() -> section.number("token", 5, 1, 9), "watch.token is '****'");
  }

  @Test
  void listsAndSingleTextsAreTheSame() {
    Section section =
        watch("watch:\n  one: a, b\n  many: [\"a, b\", c]\n  raw: 'echo $HOME ${NOT_SET}, x'\n");

    assertThat(section.list("one")).containsExactly("a", "b");
    assertThat(section.rawList("one")).containsExactly("a, b");
    assertThat(section.list("many")).containsExactly("a, b", "c");
    assertThat(section.rawList("raw")).containsExactly("echo $HOME ${NOT_SET}, x");
    assertThat(section.raw("raw")).contains("echo $HOME ${NOT_SET}, x");
    assertUsage(() -> section.text("raw"), "NOT_SET is not set");
  }

  @Test
  void variablesAreNotSeenBeforeTheRoomAsks() {
    machine.with("HOOK_TOKEN", "hunter22");
    Section section = watch("watch:\n  token: ${HOOK_TOKEN}\n  other: ${MISSING}\n");

    assertThat(section.secret("token").orElseThrow().reveal()).isEqualTo("hunter22");
    assertThat(machine.shown("watch.token")).doesNotContain("hunter22");
    assertUsage(() -> section.text("other"), "MISSING is not set");
  }

  @Test
  void theCommandLineWinsOverTheFile() {
    machine.set("watch.limit", "4");
    Section section = watch("watch: {limit: 3}\n");

    assertThat(section.number("limit", 0, 0, 9)).isEqualTo(4);
    assertThat(section.where("limit")).isEqualTo("--set watch.limit");
  }

  @Test
  void pathsBeginInTheWorkingDirectory() {
    assertThat(watch("watch: {file: out/x.prom}\n").path("file"))
        .contains(machine.work.resolve("out/x.prom"));
  }
}
