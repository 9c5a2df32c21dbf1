package dev.belay.batch;

import dev.belay.core.Failure;
import dev.belay.flyway.ParsedScript;
import dev.belay.flyway.ScriptStatement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The lines {@code -- belay:…} of a script, and which statement each belongs to. */
public final class Marks {
  private static final Pattern MARK = Pattern.compile("\\A\\s*--\\s*belay:.*");

  private final Map<Integer, BatchStatement> batches;
  private final List<SyncMark> syncs;

  private Marks(Map<Integer, BatchStatement> batches, List<SyncMark> syncs) {
    this.batches = Map.copyOf(batches);
    this.syncs = List.copyOf(syncs);
  }

  /**
   * Reads them.
   *
   * @param text the script as it was written; what stands after its last statement is only there
   * @throws Failure REFUSED when one cannot be read, or stands where it means nothing
   */
  public static Marks of(ParsedScript script, String text) {
    Map<Integer, BatchStatement> batches = new LinkedHashMap<>();
    List<SyncMark> syncs = new ArrayList<>();
    long seen = 0;
    for (int index = 0; index < script.statements().size(); index++) {
      ScriptStatement statement = script.statements().get(index);
      seen += read(script.name(), statement, index, batches, syncs);
    }
    long written = text.lines().filter(line -> MARK.matcher(line).matches()).count();
    if (written > seen) {
      throw Failure.refused(
          "%s: %d of its %d lines -- belay:… stand above no statement"
              .formatted(script.name(), written - seen, written),
          "put each belay:batch right above its statement, and belay:sync above the first one");
    }
    return new Marks(batches, syncs);
  }

  /** The statement of that number, from 0, where it is run in batches. */
  public Optional<BatchStatement> batch(int index) {
    return Optional.ofNullable(batches.get(index));
  }

  /** A statement with a blank in place of each comment, and without what stands in quotes. */
  public static String bare(String sql) {
    return SqlCode.of(sql).bare();
  }

  /** A statement with a blank in place of each comment. */
  public static String withoutComments(String sql) {
    return SqlCode.of(sql).withoutComments();
  }

  /** Whether any statement is run in batches. */
  public boolean hasBatches() {
    return !batches.isEmpty();
  }

  /** The columns that are kept equal. */
  public List<SyncMark> syncs() {
    return syncs;
  }

  private static int read(
      String script,
      ScriptStatement statement,
      int index,
      Map<Integer, BatchStatement> batches,
      List<SyncMark> syncs) {
    List<String> head =
        statement
            .sql()
            .lines()
            .takeWhile(line -> line.isBlank() || line.strip().startsWith("--"))
            .toList();
    int begin = statement.line() - head.size();
    int seen = 0;
    for (int at = 0; at < head.size(); at++) {
      if (!MARK.matcher(head.get(at)).matches()) {
        continue;
      }
      seen++;
      String comment = head.get(at).strip().substring(2).strip();
      MarkText text = new MarkText(script, Math.max(1, begin + at), comment);
      switch (text.kind()) {
        case SyncMark.KIND -> syncs.add(SyncMark.of(text));
        case BatchMark.KIND -> {
          if (!statement.comments().contains(comment)) {
            throw text.wrong("there is a blank line between it and its statement");
          }
          BatchStatement batch =
              BatchStatement.of(BatchMark.of(text), script, statement.line(), statement.sql());
          if (batches.put(index, batch) != null) {
            throw text.wrong("its statement has two of them");
          }
        }
        default -> throw text.wrong("there is no such line; there are belay:batch and belay:sync");
      }
    }
    return seen;
  }
}
