package dev.belay.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.support.TestServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The script that is printed makes two schemas equal when somebody runs it. */
@Timeout(300)
class AlignmentIT {
  private static final ComparisonOptions ALL = ComparisonOptions.exact();

  /** How many changes one run tries; all of them, with {@code -Dbelay.changes=10000}. */
  private static final int CHANGES = Integer.getInteger("belay.changes", 12);

  /**
   * What the alignment cannot bring about in one go: another table in the place of one whose
   * indexes keep their names, an index that a partition was given by its parent, functions of an
   * extension that were made under default privileges, statistics over columns in another order.
   */
  private static final List<String> BEYOND =
      List.of(
          "create extension",
          "drop extension",
          "rename to",
          "set schema public",
          "create index on app.events (what)",
          "drop column mood");

  @Test
  void makesTheSchemasEqualThereAndBack() {
    long seed = Long.getLong("belay.seed", 815);
    List<String> changes = new ArrayList<>(Changes.lines("changes.sql"));
    Collections.shuffle(changes, new Random(seed));
    Target base = Changes.everything();
    Catalogue before = Changes.read(base);
    try {
      int tried = 0;
      for (String change : changes) {
        if (BEYOND.stream().noneMatch(change::contains) && tried++ < CHANGES) {
          Target copy = Changes.copy(base);
          try {
            Changes.run(copy, change);
            Catalogue changed = Changes.read(copy);
            align(before, copy, "back: " + change);
            align(changed, copy, "there: " + change);
          } finally {
            TestServer.drop(copy);
          }
        }
      }
    } finally {
      TestServer.drop(base);
    }
  }

  @Test
  void whatIsKeptForItsDataKeepsWhatItNeeds() {
    Target base = Changes.everything();
    Target copy = Changes.copy(base);
    try {
      Catalogue before = Changes.read(base);
      Changes.run(
          copy, "create domain app.\"do m\" as integer; create table app.kept (id app.\"do m\")");
      Catalogue there = Changes.read(copy);
      CatalogueComparison comparison = CatalogueComparison.of(before, there, ALL);
      String script = String.join("\n", Alignment.lines(before, there, comparison, ALL));
      assertThat(Changes.tryTo(copy, script)).as("%s", script).isEmpty();
      assertThat(script).contains("-- DROP DOMAIN \"app\".\"do m\";");
    } finally {
      TestServer.drop(copy);
      TestServer.drop(base);
    }
  }

  /** Runs the script, with what it holds back since it destroys, and compares. */
  private static void align(Catalogue wanted, Target target, String what) {
    Catalogue there = Changes.read(target);
    CatalogueComparison comparison = CatalogueComparison.of(wanted, there, ALL);
    List<String> script =
        String.join("\n", Alignment.lines(wanted, there, comparison, ALL)).lines().toList();
    boolean remarks = false;
    boolean heldBack = false;
    StringBuilder run = new StringBuilder();
    for (String line : script) {
      boolean comment = line.startsWith("-- ");
      if (line.startsWith("-- not run, since")) {
        heldBack = true;
      } else {
        heldBack &= comment;
        run.append(heldBack ? line.substring(3) : line).append('\n');
        remarks |= comment && !heldBack && !script.subList(0, 2).contains(line);
      }
    }
    assertThat(Changes.tryTo(target, run.toString())).as("%s%n%s", what, run).isEmpty();
    if (!remarks) {
      assertThat(CatalogueComparison.of(wanted, Changes.read(target), ALL).all())
          .as("%s%n%s", what, run)
          .isEmpty();
    }
  }
}
