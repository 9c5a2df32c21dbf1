package dev.belay.diff;

import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.Snapshot;
import dev.belay.support.Quiet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Merges of everything that a source and a target both have. */
final class MergeLab implements AutoCloseable {
  final TwoDatabases databases = new TwoDatabases();
  private boolean triggers;
  private boolean removals;
  private boolean withBase;
  private OptionalInt batchRows = OptionalInt.empty();
  private Duration lockTimeout = Duration.ofSeconds(5);
  private Consumer<Merge> meanwhile = merge -> {};

  MergeLab triggersOn() {
    triggers = true;
    return this;
  }

  MergeLab withBase(boolean andRemovals) {
    withBase = true;
    removals = andRemovals;
    return this;
  }

  MergeLab batches(int rows) {
    batchRows = OptionalInt.of(rows);
    return this;
  }

  MergeLab lockTimeout(Duration timeout) {
    lockTimeout = timeout;
    return this;
  }

  /** Something that happens when all is compared and nothing is written. */
  MergeLab meanwhile(Consumer<Merge> something) {
    meanwhile = something;
    return this;
  }

  MergeOptions options(Policy policy) {
    return new MergeOptions(
        policy, removals, triggers, batchRows, 3, lockTimeout, TwoDatabases.FINE);
  }

  void source(String... statements) {
    TwoDatabases.run(databases.source, statements);
  }

  void target(String... statements) {
    TwoDatabases.run(databases.target, statements);
  }

  void everywhere(String... statements) {
    databases.everywhere(statements);
  }

  MergeOutcome merge(Policy policy) {
    return merge(policy, databases.target, (plan, agreed) -> true).outcome().orElseThrow();
  }

  MergePlan plan(Policy policy) {
    return merge(policy, databases.target, (plan, agreed) -> false).plan();
  }

  MergeResult merge(Policy policy, Target target, MergeConsent consent) {
    try (Snapshot source = Snapshot.take(TwoDatabases.DATABASES, databases.source);
        Snapshot base = Snapshot.take(TwoDatabases.DATABASES, databases.base)) {
      return Merge.run(
          new JdbcDatabases("belay-merge"),
          target,
          options(policy),
          Quiet.progress(),
          merge -> {
            prepare(merge, source, base);
            meanwhile.accept(merge);
          },
          consent);
    }
  }

  private void prepare(Merge merge, Snapshot source, Snapshot base) {
    List<Pair> pairs = new ArrayList<>();
    List<Relation> sources = Relations.of(source.database());
    for (Relation relation : Relations.of(merge.session())) {
      sources.stream()
          .filter(other -> other.name().equals(relation.name()))
          .findFirst()
          .ifPresent(other -> pairs.add(Pair.of(other, relation)));
    }
    merge.addAll(
        pairs,
        Side.of(source),
        withBase ? Optional.of(Side.of(base)) : Optional.empty(),
        Relations.of(base.database()));
  }

  /** The rows of a table as text, sorted. */
  static List<String> rows(Target database, String table) {
    try (Database session = TwoDatabases.DATABASES.open(database)) {
      return session.list(
          "select t::text from " + table + " t order by t::text collate \"C\"",
          row -> row.getString(1));
    }
  }

  List<String> held(String table) {
    return rows(databases.target, table);
  }

  String text(String sql) {
    try (Database session = TwoDatabases.DATABASES.open(databases.target)) {
      return session.text(sql);
    }
  }

  static TableMerge of(MergePlan plan, String table) {
    return plan.tables().stream()
        .filter(each -> each.table().equals(new TableName("public", table)))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    databases.close();
  }
}
