package dev.belay.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.swap.Replaced;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} in the middle of a reconciliation; the same command goes on. */
@Timeout(300)
class KilledReconcileIT {
  @TempDir private Path folder = Path.of("");
  private Night night;
  private final List<String> patients = new ArrayList<>();

  @BeforeEach
  void begin() {
    night = Night.begin(folder);
    night.sql(
        "insert into public.patients (name) select 'patient ' || n from generate_series(6, 40) n",
        "insert into public.visits (patient, what) select n, 'new' from generate_series(6, 40) n",
        "insert into public.log select 'line ' || (n % 7) from generate_series(1, 50) n");
    night.rollBack();
    IntStream.rangeClosed(1, 40).forEach(n -> patients.add(n + " patient " + n));
  }

  @AfterEach
  void drop() {
    night.drop();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reconcile-scratch",
        "reconcile-restored",
        "replaced-opened",
        "replaced-entered",
        "merge-written"
      })
  void beforeTheCommitNothingWasDone(String moment) {
    killed(moment);
    assertThat(night.patients()).hasSize(5);
    assertThat(night.list("select line from public.log")).hasSize(2);
    assertThat(night.replaced())
        .singleElement()
        .matches(kept -> kept.open() == moment.equals("replaced-opened"));

    goesOn();
  }

  @ParameterizedTest
  @ValueSource(strings = {"merge-committed"})
  void afterTheCommitEverythingWasDone(String moment) {
    killed(moment);
    assertThat(night.patients()).isEqualTo(patients);

    assertThat(goesOn().err()).contains("nothing to write");
  }

  @ParameterizedTest
  @ValueSource(strings = {"merge-batch-begin", "merge-batch-written", "merge-batch-committed"})
  void betweenAndInsideBatchesNoRowIsDoubledAndNoneIsLost(String moment) {
    killed(moment, "--batch-size", "10");
    assertThat(night.patients()).hasSizeLessThan(40);

    goesOn("--batch-size", "10");
  }

  private void killed(String moment, String... more) {
    new Program(folder).on(night.live).killedAt(moment, command(more));
  }

  private Cli.Result goesOn(String... more) {
    Cli.Result run = night.cli().expect(0, command(more));
    assertThat(run.err()).contains("(reconcile-data of ", "was killed at the step '");
    assertThat(night.patients()).isEqualTo(patients);
    assertThat(night.visits()).hasSize(45);
    assertThat(night.list("select line from public.log")).hasSize(52);
    assertThat(night.list("select line from public.log where line = 'line 0'")).hasSize(7);
    night.sql("insert into public.visits (patient, what) values (1, 'after')");
    assertThat(night.replaced()).hasSize(1).noneMatch(Replaced::open);
    assertThat(night.scratches()).isEmpty();
    assertThat(partial()).isEmpty();
    return run;
  }

  private List<String> partial() {
    try (Stream<Path> files = Files.list(folder.resolve("reconciliation_reports"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("."))
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String[] command(String... more) {
    List<String> words =
        new ArrayList<>(List.of("reconcile-data", "latest", "--from", "replaced", "--yes"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }
}
