package dev.belay.emergency;

import dev.belay.cli.Plan;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.emergency.FixQueries.Prepared;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What can be fixed safely, and what cannot.
 *
 * @param fixes in the order in which they are done: a later one may need an earlier one
 * @param left what is wrong and is left alone
 */
record Fixes(List<Fix> fixes, List<FixResult> left) {
  /** So long one column is asked for its furthest value, in milliseconds. */
  private static final long LONGEST_LOOK_MILLIS = 30_000;

  Fixes {
    fixes = List.copyOf(fixes);
    left = List.copyOf(left);
  }

  /**
   * Looks, and changes nothing. What cannot be looked at hides nothing else.
   *
   * @param own which tables are looked at
   */
  static Fixes find(
      Database session, List<AppSettings> apps, Predicate<TableName> own, SchemaLook schema) {
    session.execute("set statement_timeout = " + LONGEST_LOOK_MILLIS);
    List<Fix> fixes = new ArrayList<>();
    List<FixResult> left = new ArrayList<>();
    List<IndexFix> indexes = new ArrayList<>();
    attempt(
        IndexFix.KIND,
        left,
        () -> {
          for (IndexFix.Found found : IndexFix.find(session, own, schema)) {
            found.fix().ifPresent(fixes::add);
            found.left().ifPresent(left::add);
          }
          fixes.forEach(
              fix -> {
                if (fix instanceof IndexFix index) {
                  indexes.add(index);
                }
              });
        });
    attempt(SequenceFix.KIND, left, () -> SequenceFix.find(session, own, fixes, left));
    attempt(ConstraintFix.KIND, left, () -> ConstraintFix.find(session, own, schema, fixes, left));
    for (AppSettings app : apps) {
      attempt(
          FailedRowFix.KIND,
          left,
          () -> FailedRowFix.find(session, app, schema, indexes, fixes, left));
    }
    attempt(
        "prepared-transaction",
        left,
        () -> FixQueries.prepared(session).forEach(p -> add(p, left)));
    session.execute("set statement_timeout = 0");
    return new Fixes(fixes, left);
  }

  /** Nobody but its owner knows whether it is to be committed. */
  private static void add(Prepared prepared, List<FixResult> left) {
    left.add(
        FixResult.left(
            "prepared-transaction",
            prepared.name(),
            "of %s, prepared %s ago, holds its locks until somebody ends it"
                .formatted(
                    prepared.owner(), Units.duration(Duration.ofSeconds(prepared.seconds()))),
            ShellWords.psql("rollback prepared " + Identifier.literal(prepared.name()))
                + ", or commit prepared, as its application says"));
  }

  private static void attempt(String kind, List<FixResult> left, Runnable look) {
    try {
      look.run();
    } catch (Failure failure) {
      left.add(
          FixResult.left(
              kind, "all", "could not be looked for: " + failure.message(), failure.hint()));
    }
  }

  /** The plan that is to be agreed to. */
  Plan plan(GuardedRun run) {
    List<String> more = new ArrayList<>();
    left.forEach(each -> more.add(each.line()));
    more.add(
        "each is looked at again when its turn comes, and is done by itself; a lock is waited for %s at most, then tried again"
            .formatted(Units.duration(run.settings().lockTimeout())));
    return new Plan(
        "fix what is safely fixable in " + run.target(),
        fixes.stream().map(Fix::plan).toList(),
        more,
        List.of(),
        run.live());
  }
}
