package dev.belay.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures for Prometheus, read by a strict reader that knows nothing of how they are written. */
class MetricsTest {
  @TempDir Path folder = Path.of("");

  @Test
  void hostileLabelsComeBackAsTheyWere() {
    String hostile = "a \"b\\c\" {x=\"y\"},\n# HELP z\\n Ü €";
    PrometheusText text =
        PrometheusText.parse(
            new Metrics()
                .gauge(
                    "belay_failed_migrations",
                    "Failed\nmigrations \\ of \"all\".",
                    Map.of("app", hostile, "b", ""),
                    2)
                .gauge("belay_backup_age_seconds", "Age.", 12.5)
                .gauge("belay_failed_migrations", "Another help.", Map.of("app", "x"), 3)
                .text());

    assertThat(text.value("belay_failed_migrations", "app", hostile)).isEqualTo(2);
    assertThat(text.value("belay_failed_migrations", "app", "x")).isEqualTo(3);
    assertThat(text.samples()).hasSize(3);
  }

  @Test
  void everyNumberIsOneThatACollectorReads() {
    double[] numbers = {
      0,
      -1,
      1e15,
      1e300,
      1.5e-9,
      0.1,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      1_700_000_000.25
    };
    Metrics metrics = new Metrics();
    for (int number = 0; number < numbers.length; number++) {
      metrics.gauge("x", "X.", Map.of("n", String.valueOf(number)), numbers[number]);
    }
    PrometheusText text = PrometheusText.parse(metrics.text());

    for (int number = 0; number < numbers.length; number++) {
      assertThat(text.value("x", "n", String.valueOf(number)))
          .isEqualTo(Double.valueOf(numbers[number]));
    }
  }

  @Test
  void theLastValueOfTheSameLabelsCounts() {
    String text =
        new Metrics()
            .gauge("x", "X.", Map.of("a", "1", "b", "2"), 1)
            .gauge("x", "X.", Map.of("b", "2", "a", "1"), 2)
            .text();

    assertThat(text).isEqualTo("# HELP x X.\n# TYPE x gauge\nx{a=\"1\",b=\"2\"} 2\n");
  }

  @Test
  void namesThatPrometheusDoesNotKnowAreADefect() {
    assertThatThrownBy(() -> new Metrics().gauge("1x", "X.", 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Metrics().gauge("x", "X.", Map.of("a-b", ""), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theFileIsReplacedAsAWholeAndEverybodyMayReadIt() throws IOException {
    Path file = folder.resolve("belay.prom");
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    new Metrics().gauge("x", "X.", 1).write(file);

    assertThat(Files.readString(file)).isEqualTo("# HELP x X.\n# TYPE x gauge\nx 1\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aLinkStaysOne() throws IOException {
    Path real = folder.resolve("real.prom");
    Files.writeString(real, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.prom"), real);
    new Metrics().gauge("x", "X.", 1).write(link);

    assertThat(link).isSymbolicLink();
    assertThat(Files.readString(real)).startsWith("# HELP");
  }

  @Test
  void whatCannotBeWrittenIsSaid() throws IOException {
    Path folderInstead = Files.createDirectory(folder.resolve("x.prom"));
    assertThatThrownBy(() -> new Metrics().write(folderInstead))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
              assertThat(failure.message()).contains("it is a folder");
            });
    assertThatThrownBy(() -> new Metrics().write(folder.resolve("none/x.prom")))
        .hasMessageContaining("there is no folder");
  }
}
