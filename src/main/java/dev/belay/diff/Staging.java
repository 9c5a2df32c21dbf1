package dev.belay.diff;

import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Decides what becomes of each difference of one table, counts, and brings the rows that are to be
 * written into temporary tables. Holds some thousand places at most.
 */
final class Staging implements DifferenceSink {
  private static final int PER_STATEMENT = 1000;
  private static final int MOST_HELD = 20_000;

  private record Shelf(Decision decision, long relation) {}

  private final Database session;
  private final MergeTable table;
  private final MergeOptions options;
  private final SourceRows source;
  private final Samples samples;
  private final Map<Shelf, List<StagedRow>> held = new HashMap<>();
  private final Set<Decision> staged = EnumSet.noneOf(Decision.class);
  private int holding;

  Staging(Database session, MergeTable table, MergeOptions options, SourceRows source) {
    this.session = session;
    this.table = table;
    this.options = options;
    this.source = source;
    this.samples = new Samples(options.samples());
  }

  @Override
  public synchronized void accept(List<Difference> differences) {
    differences.forEach(this::take);
  }

  private void take(Difference difference) {
    Decision decision = decision(difference);
    table.count(decision);
    if (difference.base() != Difference.Base.UNKNOWN) {
      table.ancestorAsked();
    }
    if (!table.watched()) {
      samples.offer(difference, decision);
    }
    switch (decision) {
      case ADD -> hold(decision, there(difference.source()), row(difference, decision));
      case CHANGE -> hold(decision, there(difference.source()), row(difference, decision));
      case REMOVE -> hold(decision, there(difference.target()), row(difference, decision));
      case CONFLICT -> {
        if (collides(difference)) {
          // Rows of the source that refer to this key mean another row than the target has.
          table.collided();
          hold(decision, there(difference.source()), row(difference, decision));
        }
      }
      case LEAVE -> {}
    }
  }

  /** Whatever the policy, nothing is written to a table that is only looked at. */
  private Decision decision(Difference difference) {
    if (table.watched()) {
      return collides(difference) ? Decision.CONFLICT : Decision.LEAVE;
    }
    return options.policy().decide(difference, options.removals());
  }

  private static boolean collides(Difference difference) {
    return difference.base() == Difference.Base.ABSENT
        && difference.kind() == Difference.Kind.CHANGED;
  }

  private static RowPlace there(@org.jspecify.annotations.Nullable RowPlace place) {
    return Objects.requireNonNull(place);
  }

  private StagedRow row(Difference difference, Decision decision) {
    return new StagedRow(table.rows(decision), difference.source(), difference.target());
  }

  private void hold(Decision decision, RowPlace place, StagedRow row) {
    Shelf shelf = new Shelf(decision, place.table());
    List<StagedRow> rows = held.computeIfAbsent(shelf, empty -> new ArrayList<>());
    rows.add(row);
    holding++;
    if (rows.size() >= PER_STATEMENT) {
      bring(shelf);
    } else if (holding >= MOST_HELD) {
      List.copyOf(held.keySet()).forEach(this::bring);
    }
  }

  private void bring(Shelf shelf) {
    List<StagedRow> rows = held.remove(shelf);
    if (rows == null) {
      return;
    }
    holding -= rows.size();
    if (staged.add(shelf.decision())) {
      StagingQueries.create(session, table, shelf.decision());
    }
    if (shelf.decision() == Decision.REMOVE) {
      StagingQueries.places(session, table, rows);
    } else {
      source.fetch(table, shelf.decision(), shelf.relation(), rows);
    }
  }

  /** Brings the rest, and makes the stages ready to be written from. */
  synchronized void finish(TableDiff diff) {
    List.copyOf(held.keySet()).forEach(this::bring);
    for (Decision decision : staged) {
      StagingQueries.finish(session, table, decision, options.batchRows().isPresent());
    }
    if (staged.contains(Decision.CHANGE)) {
      StagingQueries.refuseTwice(session, table);
    }
    table.compared(diff, samples.read(session, table, source));
  }
}
