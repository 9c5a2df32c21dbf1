package dev.belay.schema;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How the live schema of one app differs from the one that its migrations give.
 *
 * @param schemas the schemas that were compared
 * @param comparedObjects how many objects its migrations give
 * @param missing expected and not there
 * @param orphaned there and not expected
 * @param different there and not as expected
 * @param notes what could not be seen or was left out
 */
public record AppSchema(
    String app,
    List<String> schemas,
    int comparedObjects,
    List<FoundDifference> missing,
    List<FoundDifference> orphaned,
    List<FoundDifference> different,
    @ToPaste List<String> notes) {
  public AppSchema {
    schemas = List.copyOf(schemas);
    missing = List.copyOf(missing);
    orphaned = List.copyOf(orphaned);
    different = List.copyOf(different);
    notes = List.copyOf(notes);
  }

  /** Whether the live schema is what it should be. */
  @JsonIgnore
  boolean isAsExpected() {
    return missing.isEmpty() && orphaned.isEmpty() && different.isEmpty();
  }

  /** The app for a person. */
  @JsonIgnore
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    String names = String.join(", ", schemas);
    lines.add(
        TextTable.visible(
            "%s (%s %s, %d objects expected):"
                .formatted(
                    app, schemas.size() == 1 ? "schema" : "schemas", names, comparedObjects)));
    add(lines, "missing", missing);
    add(lines, "orphaned", orphaned);
    add(lines, "different", different);
    if (isAsExpected()) {
      lines.add("  as the applied migrations give it");
    }
    notes.forEach(note -> lines.add("  note: " + TextTable.visible(note)));
    return lines;
  }

  private static void add(
      List<String> lines, String group, Collection<FoundDifference> differences) {
    differences.forEach(difference -> lines.addAll(difference.lines(group)));
  }
}
