package dev.belay.batch;

import dev.belay.core.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A line {@code -- belay:batch} above a statement.
 *
 * @param table whose key the statement is cut by
 * @param key the columns of that key
 * @param alias what the statement calls the table; empty: its columns stand alone
 * @param repeatable whether the statement leaves rows alone that are done, so that it may go over
 *     all of them once more at the end
 */
public record BatchMark(
    TableName table, List<String> key, Optional<String> alias, boolean repeatable) {
  static final String KIND = "batch";

  public BatchMark {
    key = List.copyOf(key);
  }

  static BatchMark of(MarkText text) {
    text.only(Set.of("table", "key", "alias", "repeatable"));
    String repeatable = text.value("repeatable").orElse("no");
    if (!repeatable.equals("yes") && !repeatable.equals("no")) {
      throw text.wrong("repeatable=%s is neither yes nor no".formatted(repeatable));
    }
    return new BatchMark(
        text.table("table"),
        text.columns("key"),
        text.value("alias").map(ignored -> text.identifier("alias")),
        repeatable.equals("yes"));
  }
}
