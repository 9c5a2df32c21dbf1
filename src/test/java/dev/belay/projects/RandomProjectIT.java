package dev.belay.projects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.projects.random.RandomProject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a project made at random says of its dependencies is what PostgreSQL says. */
class RandomProjectIT {
  /** Two of middling size; {@code -Dbelay.projects=20} takes as many others. */
  private static final List<Long> SEEDS = List.of(100L, 20260323L);

  private static final int OTHERS = Integer.getInteger("belay.projects", 0);

  @Test
  void whatNeedsWhatIsWhatTheServerSaysWhenEachIsTakenAway(@TempDir Path temporary)
      throws IOException, SQLException {
    List<Long> seeds =
        OTHERS == 0 ? SEEDS : new Random().longs(OTHERS, 0, 1_000_000).boxed().toList();
    for (long seed : seeds) {
      RandomProject random = RandomProject.write(seed, temporary.resolve("seed " + seed));
      Map<String, Set<String>> said = new TreeMap<>();
      random.migrations().forEach(id -> said.put(id, random.dependentsOf(id)));

      try (Removal removal = new Removal(random.project())) {
        assertThat(removal.dependents()).as("seed %d", seed).isEqualTo(said);
      }
    }
  }
}
