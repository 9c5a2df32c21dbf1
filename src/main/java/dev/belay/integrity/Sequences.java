package dev.belay.integrity;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where sequences are, and where they should be. */
public final class Sequences {
  private Sequences() {}

  /**
   * Every sequence that pg_dump writes, those of identity columns too, sorted by name. They are
   * read as they are now, also in a snapshot: sequences belong to none.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when some may not be read, naming them
   */
  public static List<SequenceState> of(Database session) {
    return SequenceQueries.read(session);
  }

  /**
   * What a dump has, from what was read before it and after it. One that is gone afterwards counts
   * as it was; one that is new is not in the dump's snapshot.
   */
  public static List<ExpectedSequence> expected(
      List<SequenceState> before, List<SequenceState> after) {
    Map<TableName, SequenceState> later = byName(after);
    return before.stream()
        .map(state -> new ExpectedSequence(state, later.getOrDefault(state.name(), state)))
        .toList();
  }

  /** How the sequences that are there differ from those expected, in words, sorted by name. */
  public static List<String> differences(
      List<ExpectedSequence> expected, List<SequenceState> actual) {
    Map<TableName, SequenceState> found = byName(actual);
    List<String> differences = new ArrayList<>();
    for (ExpectedSequence each : expected) {
      String name = each.before().name().plain();
      SequenceState state = found.get(each.before().name());
      if (state == null) {
        differences.add("sequence " + name + " is missing");
      } else if (!each.allows(state)) {
        differences.add(
            "sequence %s is at %s instead of %s".formatted(name, state.place(), place(each)));
      } else if (state.increment() != each.before().increment()
          && state.increment() != each.after().increment()) {
        differences.add(
            "sequence %s counts by %d instead of %d"
                .formatted(name, state.increment(), each.before().increment()));
      }
    }
    return differences.stream().sorted().toList();
  }

  private static String place(ExpectedSequence each) {
    return each.settled()
        ? each.before().place()
        : "between " + each.before().place() + " and " + each.after().place();
  }

  private static Map<TableName, SequenceState> byName(List<SequenceState> states) {
    Map<TableName, SequenceState> byName = new HashMap<>();
    states.forEach(state -> byName.put(state.name(), state));
    return byName;
  }
}
