package dev.belay.emergency;

import dev.belay.catalogue.ObjectKind;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.emergency.FixQueries.InvalidIndex;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

  /**
   * What was found.
   *
   * @param own which tables are looked at
   */
  static List<Found> find(Database session, Predicate<TableName> own, SchemaLook schema) {
    return FixQueries.invalidIndexes(session).stream()
        .filter(each -> own.test(each.table()))
        .map(each -> find(each, schema))
        .toList();
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
    SchemaLook.Wanted wanted = schema.wanted(ObjectKind.INDEX, index.table(), index.name().table());
    if (wanted == SchemaLook.Wanted.UNKNOWN && isOfReindex(index)) {
      return Found.of(new IndexFix(index, true));
    }
    return switch (wanted) {
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
                      dropCommand(index)));
    };
  }

  /** Who reindexes has the one that he wants still, beside it. */
  private static boolean isOfReindex(InvalidIndex index) {
    return OF_REINDEX.matcher(index.name().table()).matches()
        && index.twin()
        && !index.ofConstraint();
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
        ? "drop the invalid index %s of %s, which %s, without stopping reads or writes"
            .formatted(
                index.name().plain(),
                index.table().plain(),
                isOfReindex(index) ? "an unfinished reindex left" : "no applied migration makes")
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
    List<InvalidIndex> before = FixQueries.invalidIndexes(session, index.table());
    return drop ? dropped(ground, before) : madeAnew(ground, before);
  }

  private FixResult dropped(FixGround ground, List<InvalidIndex> before) {
    try {
      ground.statement("dropping " + subject(), dropping(index));
    } catch (Failure failure) {
      if (FixQueries.invalidIndexes(ground.session(), index.table()).equals(before)) {
        throw failure;
      }
      return uncertain("it may be dropped by half: " + failure.message(), dropCommand(index));
    }
    return FixResult.fixed(KIND, subject(), "dropped; it was: " + index.definition());
  }

  private FixResult madeAnew(FixGround ground, List<InvalidIndex> before) {
    Optional<Failure> broken = Optional.empty();
    try {
      ground.statement(
          "making %s anew".formatted(subject()),
          "reindex index concurrently " + index.name(),
          () -> sweep(ground, before));
    } catch (Failure failure) {
      broken = Optional.of(failure);
    }
    String become =
        broken.map(why -> "it could not be made anew: " + why.message()).orElse("made anew");
    List<InvalidIndex> leftovers = leftovers(ground, before);
    for (InvalidIndex each : leftovers) {
      if (!FixQueries.isBeingBuilt(ground.session(), index.table())) {
        try {
          ground.statement("dropping " + each.name().plain(), dropping(each));
        } catch (Failure cannot) {
          ground.run().progress().warn(cannot.message());
        }
      }
    }
    List<InvalidIndex> now = FixQueries.invalidIndexes(ground.session(), index.table());
    List<InvalidIndex> still = leftovers(ground, before);
    if (!still.isEmpty()) {
      return uncertain(
          "%s; an unfinished reindex left %s"
              .formatted(
                  become,
                  still.stream()
                      .map(each -> each.name().plain())
                      .collect(Collectors.joining(", "))),
          still.stream().map(IndexFix::dropCommand).collect(Collectors.joining("; ")));
    }
    if (broken.isEmpty()) {
      return FixResult.fixed(KIND, subject(), become);
    }
    if (!now.equals(before)) {
      return uncertain(become, "belay emergency-recovery");
    }
    return FixResult.left(
        KIND,
        subject(),
        become,
        index.unique()
            ? "belay verify-integrity --check duplicate-key"
            : ShellWords.psql("reindex index concurrently " + index.name()));
  }

  /** Before each try, or each would leave one more. */
  private void sweep(FixGround ground, List<InvalidIndex> before) {
    for (InvalidIndex each : leftovers(ground, before)) {
      if (FixQueries.isBeingBuilt(ground.session(), index.table())) {
        throw Failure.unavailable(
            "an index of %s is being built now, and a try left %s"
                .formatted(index.table().plain(), each.name().plain()),
            "belay emergency-recovery, when that is done");
      }
      ground.session().execute(dropping(each));
    }
  }

  /** What an unfinished reindex of this index left. */
  private List<InvalidIndex> leftovers(FixGround ground, List<InvalidIndex> before) {
    List<TableName> known = before.stream().map(InvalidIndex::name).toList();
    return FixQueries.invalidIndexes(ground.session(), index.table()).stream()
        .filter(each -> !known.contains(each.name()))
        .filter(each -> OF_REINDEX.matcher(each.name().table()).matches())
        .toList();
  }

  private FixResult uncertain(String what, String hint) {
    return new FixResult(KIND, subject(), FixOutcome.UNCERTAIN, what, hint);
  }

  private static String dropping(InvalidIndex index) {
    return "drop index concurrently " + index.name();
  }

  private static String dropCommand(InvalidIndex index) {
    return ShellWords.psql(dropping(index));
  }
}
