package dev.belay.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables of random types and values, exported, loaded into another database, and compared by their
 * fingerprints. Set {@code belay.seed} to look at another one.
 */
@Timeout(240)
class RandomExportIT {
  private static final int TABLES = 25;

  private final Path folder;

  RandomExportIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whateverIsInATableComesBack(long number) {
    long seed = Long.getLong("belay.seed", number);
    RandomTables random = new RandomTables(seed);
    try (Warehouse from = new Warehouse("from");
        Warehouse to = new Warehouse("to")) {
      RandomTables.types().forEach(from::run);
      RandomTables.types().forEach(to::run);
      List<String> creates = new ArrayList<>();
      for (int table = 0; table < TABLES; table++) {
        RandomTables.Made made = random.table(table);
        creates.add(made.create());
        from.run(made.create());
        made.inserts().forEach(from::run);
      }
      creates.forEach(to::run);

      to.fill(
          from.export(
                  folder,
                  number % 2 == 0 ? ExportForm.json : ExportForm.ndjson,
                  ExportCompression.NONE,
                  1 + (int) number % 3)
              .file());

      assertThat(to.fingerprints())
          .as("seed %d; run it again with -Dbelay.seed=%d", seed, seed)
          .isEqualTo(from.fingerprints());
    }
  }
}
