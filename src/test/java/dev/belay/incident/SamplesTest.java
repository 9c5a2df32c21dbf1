package dev.belay.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
  private static final String FILE =
      "migration_monitoring/migrate_20261101_023000_" + Night.RUN + ".jsonl";

  @TempDir private Path folder = Path.of("");

  @Test
  void aPeakOfOneSampleAmongAHundredThousandIsStillInTheChart() throws IOException {
    new Night(folder).samples(100_000, 77_777, "db1");

    Samples samples = Samples.read(folder.resolve(FILE)).orElseThrow();

    Series connections = samples.charts().get(0).series().get(0);
    assertThat(connections.points().size()).isLessThanOrEqualTo(2 * Series.MOST_BUCKETS);
    assertThat(connections.highest()).isEqualTo(new Series.Point(7_777_700, 9_999));
    assertThat(connections.lowest().value()).isEqualTo(20);
    assertThat(connections.average()).isBetween(22.9, 23.2);
    assertThat(connections.last()).isEqualTo(20 + 99_999 % 7);
    List<Series.Point> points = connections.points();
    for (int at = 1; at < points.size(); at++) {
      assertThat(points.get(at).at()).isGreaterThan(points.get(at - 1).at());
    }
  }

  @Test
  void aFewSamplesAreAllDrawn() throws IOException {
    new Night(folder).samples(50, 7, "db1");

    Samples samples = Samples.read(folder.resolve(FILE)).orElseThrow();

    assertThat(samples.charts().get(0).series().get(0).points()).hasSize(50);
    assertThat(samples.marks()).containsExactly(new Samples.Mark(2_500, "V7__split_the_names"));
    assertThat(samples.notes()).anyMatch(note -> note.startsWith("zero all the time: Errors"));
  }

  @Test
  void whatIsDamagedOrMadeUpIsPassedOverAndSaid() throws IOException {
    new Night(folder).samples(10, 3, "db1");
    Files.writeString(
        folder.resolve(FILE),
        """
        no json at all
        {"type":"sample","at":"x","elapsedMillis":-5,"cpu":1}
        {"type":"sample","at":"x","elapsedMillis":9223372036854775807,"cpu":1}
        {"type":"sample","at":"x","elapsedMillis":900,"cpu":1e300,"connections":"many","active":null}
        {"type":"sample","at":"x","elapsedMillis":950,"gap":"connection refused"}
        {"type":"comet","at":"x"}
        {"type":"sample","elap""",
        StandardOpenOption.APPEND);

    Samples samples = Samples.read(folder.resolve(FILE)).orElseThrow();

    assertThat(samples.to()).isEqualTo(950);
    assertThat(samples.notes())
        .anyMatch(note -> note.startsWith("3 lines of"))
        .anyMatch(note -> note.contains("of 1 moment nothing is known of the database: connection"))
        .anyMatch(note -> note.contains("was cut by a crash"))
        .anyMatch(note -> note.contains("have no end"));
  }
}
