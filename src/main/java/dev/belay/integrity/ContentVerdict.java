package dev.belay.integrity;

import dev.belay.core.TableName;
import java.util.List;
import java.util.Optional;

/**
 * What a comparison of two contents came to.
 *
 * @param differences in words, by kind and name, some of each kind
 * @param count how many there are, those that are not shown included
 * @param notComparable why content could not be compared though rows and sequences could; never to
 *     be taken as equal
 * @param unexpected tables that are there though the expected content has none of that name
 * @param tables how many tables were compared
 * @param rows how many rows they have
 */
public record ContentVerdict(
    List<String> differences,
    long count,
    Optional<String> notComparable,
    List<TableName> unexpected,
    int tables,
    long rows) {
  public ContentVerdict {
    differences = List.copyOf(differences);
    unexpected = List.copyOf(unexpected);
  }

  /** Whether everything was compared and nothing differs. Tables that are new do not count. */
  public boolean equal() {
    return count == 0 && notComparable.isEmpty();
  }
}
