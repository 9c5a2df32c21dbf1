package dev.belay.undo;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.CatalogueComparison;
import dev.belay.catalogue.ComparisonOptions;
import dev.belay.catalogue.Difference;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether an undo brought a schema back.
 *
 * @param differences what is not as it was, in words; empty: it is back
 * @param notes what is as good as before, but not the same
 */
public record SchemaReturn(List<String> differences, List<String> notes) {
  /** As pg_dump would print it, but for names that PostgreSQL made. */
  public static final ComparisonOptions OPTIONS =
      new ComparisonOptions(true, true, true, false, List.of());

  public SchemaReturn {
    differences = List.copyOf(differences);
    notes = List.copyOf(notes);
  }

  /**
   * Compares.
   *
   * @param before the schema as it should be again
   * @param after the schema after the undo
   */
  public static SchemaReturn of(Catalogue before, Catalogue after) {
    List<String> differences = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Difference difference : CatalogueComparison.of(before, after, OPTIONS).differences()) {
      if (difference.isColumnOrderOnly()) {
        notes.add(
            "after the undo the columns of "
                + difference.key().plain()
                + " are in another order, which matters to SELECT * and INSERT without names");
      } else {
        differences.add(words(difference));
      }
    }
    return new SchemaReturn(differences, notes);
  }

  private static String words(Difference difference) {
    return switch (difference.group()) {
      case MISSING -> difference.key() + " is gone";
      case ORPHANED -> difference.key() + " is still there";
      case DIFFERENT -> {
        List<String> properties =
            difference.properties().stream()
                .map(
                    each ->
                        "%s was %s, is %s"
                            .formatted(
                                each.property(),
                                each.expected().orElse("none"),
                                each.actual().orElse("none")))
                .toList();
        yield difference.key() + ": " + String.join(", ", properties);
      }
    };
  }
}
