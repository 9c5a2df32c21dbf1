package dev.belay.emergency;

import dev.belay.catalogue.ObjectKind;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.emergency.FixQueries.InvalidIndex;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** An index that is not valid: made anew when the migrations want it, dropped when they do not. */
record IndexFix(InvalidIndex index, boolean drop) implements Fix {
  static final String KIND = "invalid-index";

  /** What {@code reindex concurrently} calls its own, which nobody else wants. */
  private static final Pattern OF_REINDEX = Pattern.compile(".*_cc(?:new|old)[0-9]*");

  /** Either the fix, or why there is none. */
  record Found(Optional<Fix> fix, Optional<FixResult> left) {
    static Found of(Fix fix) {
      return new Found(Optional.of(fix), Optional.empty());
    }

    static Found left(FixResult left) {
      return new Found(Optional.empty(), Optional.of(left));
    }
  }

  static List<Found> find(Database session, SchemaLook schema) {
    return FixQueries.invalidIndexes(session).stream().map(each -> find(each, schema)).toList();
  }

  private static Found find(InvalidIndex index, SchemaLook schema) {
    String name = index.name().plain();
    if (index.partitioned()) {
      return left(
          index,
          "it is of a partitioned table, and one of its partitions lacks its part",
          "see which: " + ShellWords.psql("\\d+ " + index.name()));
    }
    if (index.replicaIdentity()) {
      return left(
          index,
          "the table's replication needs it",
          ShellWords.psql("reindex index concurrently " + index.name()));
    }
    if (OF_REINDEX.matcher(index.name().table()).matches() && !index.ofConstraint()) {
      return Found.of(new IndexFix(index, true));
    }
    return switch (schema.wanted(ObjectKind.INDEX, index.table(), index.name().table())) {
      case YES -> Found.of(new IndexFix(index, false));
      case NO ->
          index.ofConstraint()
              ? left(index, "it belongs to a constraint", "belay validate-schema --sql -")
              : Found.of(new IndexFix(index, true));
      case UNKNOWN ->
          left(
              index,
              "nobody can tell whether %s is wanted: it was not compared with migrations"
                  .formatted(name),
              "%s, or where it is not wanted: %s"
                  .formatted(
                      ShellWords.psql("reindex index concurrently " + index.name()),
                      ShellWords.psql("drop index concurrently " + index.name())));
    };
  }

  private static Found left(InvalidIndex index, String why, String hint) {
    return Found.left(FixResult.left(KIND, index.name().plain(), why, hint));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String subject() {
    return index.name().plain();
  }

  @Override
  public String plan() {
    return drop
        ? "drop the invalid index %s of %s, which no applied migration makes, without stopping reads or writes"
            .formatted(index.name().plain(), index.table().plain())
        : "make the invalid index %s of %s anew, without stopping reads or writes"
            .formatted(index.name().plain(), index.table().plain());
  }

  @Override
  public FixResult apply(FixGround ground) {
    Database session = ground.session();
    if (!FixQueries.isInvalid(session, index.number(), index.name())) {
      return FixResult.left(KIND, subject(), "it is no invalid index any more", null);
    }
    if (FixQueries.isBeingBuilt(session, index.table())) {
      return FixResult.left(
          KIND,
          subject(),
          "an index of %s is being built now".formatted(index.table().plain()),
          "belay emergency-recovery, when that is done");
    }
    if (drop) {
      ground.statement("dropping " + subject(), "drop index concurrently " + index.name());
      return FixResult.fixed(KIND, subject(), "dropped; it was: " + index.definition());
    }
    List<TableName> before =
        FixQueries.invalidIndexes(session).stream().map(InvalidIndex::name).toList();
    try {
      ground.statement(
          "making %s anew".formatted(subject()), "reindex index concurrently " + index.name());
    } catch (Failure failure) {
      return broken(ground, before, failure);
    }
    return FixResult.fixed(KIND, subject(), "made anew");
  }

  /** What an unfinished reindex leaves is dropped; the index is as invalid as it was. */
  private FixResult broken(FixGround ground, List<TableName> before, Failure failure) {
    for (InvalidIndex each : FixQueries.invalidIndexes(ground.session())) {
      boolean ofThis =
          each.table().equals(index.table())
              && !before.contains(each.name())
              && OF_REINDEX.matcher(each.name().table()).matches();
      if (ofThis) {
        ground.statement(
            "dropping " + each.name().plain(), "drop index concurrently " + each.name());
      }
    }
    return FixResult.left(
        KIND,
        subject(),
        "it could not be made anew: " + failure.message(),
        index.unique()
            ? "belay verify-integrity --check duplicate-key"
            : ShellWords.psql("reindex index concurrently " + index.name()));
  }
}
