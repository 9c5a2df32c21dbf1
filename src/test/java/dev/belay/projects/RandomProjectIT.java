package dev.belay.projects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.projects.random.RandomProject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a project made at random says of its dependencies is what PostgreSQL says. */
class RandomProjectIT {
  private static final long SEED = Long.getLong("belay.projects.seed", 20260322);
  private static final int PROJECTS = Integer.getInteger("belay.projects", 2);

  @Test
  void whatNeedsWhatIsWhatTheServerSaysWhenEachIsTakenAway(@TempDir Path temporary)
      throws IOException, SQLException {
    for (long seed = SEED; seed < SEED + PROJECTS; seed++) {
      RandomProject random = RandomProject.write(seed, temporary.resolve("seed " + seed));
      Map<String, Set<String>> said = new TreeMap<>();
      random.migrations().forEach(id -> said.put(id, random.dependentsOf(id)));

      try (Removal removal = new Removal(random.project())) {
        assertThat(removal.dependents()).as("seed %d", seed).isEqualTo(said);
      }
    }
  }
}
