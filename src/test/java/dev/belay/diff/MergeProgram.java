package dev.belay.diff;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.Snapshot;
import dev.belay.support.Quiet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A merge as a program of its own, which a test may kill. */
public final class MergeProgram {
  private MergeProgram() {}

  static String[] arguments(Target source, Target target, Policy policy, int batchRows) {
    return new String[] {
      source.host(),
      String.valueOf(source.port()),
      source.user(),
      source.password().map(secret -> secret.reveal()).orElse(""),
      source.database(),
      target.database(),
      policy.name(),
      String.valueOf(batchRows)
    };
  }

  /** Host, port, user, password, source, target, policy, and rows of a batch or 0. */
  public static void main(String[] arguments) {
    Target source =
        new Target(
            arguments[0],
            Integer.parseInt(arguments[1]),
            arguments[4],
            arguments[2],
            arguments[3].isEmpty() ? Optional.empty() : Optional.of(new Secret(arguments[3])),
            Tls.PREFER,
            10);
    int rows = Integer.parseInt(arguments[7]);
    MergeOptions options =
        new MergeOptions(
            Policy.valueOf(arguments[6]),
            true,
            false,
            rows > 0 ? OptionalInt.of(rows) : OptionalInt.empty(),
            3,
            Duration.ofSeconds(10),
            DiffOptions.exact(1));
    JdbcDatabases databases = new JdbcDatabases("belay-merge");
    try (Snapshot moment = Snapshot.take(databases, source)) {
      MergeResult result =
          Merge.run(
              databases,
              source.withDatabase(arguments[5]),
              options,
              Quiet.progress(),
              merge -> addAll(merge, moment),
              (plan, agreed) -> true);
      MergeOutcome outcome = result.outcome().orElseThrow();
      System.out.printf(
          "added %d changed %d removed %d skipped %d%n",
          outcome.added(), outcome.changed(), outcome.removed(), outcome.skipped());
    }
  }

  private static void addAll(Merge merge, Snapshot source) {
    List<Pair> pairs = new ArrayList<>();
    List<Relation> there = Relations.of(source.database());
    for (Relation relation : Relations.of(merge.session())) {
      there.stream()
          .filter(other -> other.name().equals(relation.name()))
          .forEach(other -> pairs.add(Pair.of(other, relation)));
    }
    merge.addAll(pairs, Side.of(source), Optional.empty(), List.of());
  }
}
