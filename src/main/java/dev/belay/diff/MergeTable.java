package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.integrity.ColumnShape;
import dev.belay.integrity.ColumnText;
import dev.belay.integrity.RowHash;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One table of a merge: what becomes of its rows, and where those that are written are staged. */
final class MergeTable {
  private final Pair pair;
  private final int number;
  private final Map<Decision, Long> counts = new EnumMap<>(Decision.class);
  private final Map<Decision, Long> staged = new EnumMap<>(Decision.class);
  private final Map<Decision, Set<Long>> conflicts = new EnumMap<>(Decision.class);
  private final List<RowSample> found = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private boolean withAncestor;
  private TableDiff diff;
  private List<RowSample> samples = List.of();
  private boolean collides;
  private boolean watched;

  MergeTable(Pair pair, int number) {
    this.pair = pair;
    this.number = number;
    this.diff = new TableDiff(pair.name(), -1, -1, 0, 0, 0);
  }

  Pair pair() {
    return pair;
  }

  TableName name() {
    return pair.name();
  }

  /** The number in {@code pg_class} of the table, or of the root of its partitions. */
  long oid() {
    return pair.target().oid();
  }

  void count(Decision decision) {
    counts.merge(decision, 1L, Long::sum);
  }

  /** It is only looked at, for what refers to it: it is no part of the plan. */
  void watch() {
    watched = true;
  }

  /** Whether it is only looked at. */
  boolean watched() {
    return watched;
  }

  /** A key that both sides gave to a row of their own is staged, as the source has it. */
  void collided() {
    collides = true;
  }

  /** Whether the stage of conflicts has such keys. */
  boolean collides() {
    return collides;
  }

  long rows(Decision decision) {
    return counts.getOrDefault(decision, 0L);
  }

  /** The highest number in a stage; some may be missing. */
  long highest(Decision decision) {
    return staged.getOrDefault(decision, rows(decision));
  }

  /** Whether a common ancestor of both sides was asked. */
  boolean withAncestor() {
    return withAncestor;
  }

  void ancestorAsked() {
    withAncestor = true;
  }

  /**
   * Rows that were staged are in conflict after all.
   *
   * @param numbers the first of them
   * @param more samples of those that had none
   */
  void conflict(Decision instead, long rows, List<Long> numbers, List<RowSample> more) {
    staged.putIfAbsent(instead, rows(instead));
    counts.merge(instead, -rows, Long::sum);
    counts.merge(Decision.CONFLICT, rows, Long::sum);
    conflicts.computeIfAbsent(instead, none -> new HashSet<>()).addAll(numbers);
    found.addAll(more);
  }

  /** How many rows of a decision have samples: those with the lowest numbers. */
  long sampled(Decision decision) {
    return samples.stream().filter(sample -> sample.decision() == decision).count();
  }

  private List<RowSample> samples() {
    Map<Decision, Long> numbers = new EnumMap<>(Decision.class);
    List<RowSample> all = new ArrayList<>();
    for (RowSample sample : samples) {
      long place = numbers.merge(sample.decision(), 1L, Long::sum);
      boolean conflict = conflicts.getOrDefault(sample.decision(), Set.of()).contains(place);
      all.add(conflict ? sample.as(Decision.CONFLICT) : sample);
    }
    all.addAll(found);
    return all;
  }

  boolean touched() {
    return rows(Decision.ADD) + rows(Decision.CHANGE) + rows(Decision.REMOVE) > 0;
  }

  void note(String note) {
    notes.add(note);
  }

  void compared(TableDiff how, List<RowSample> first) {
    diff = how;
    samples = first;
  }

  /**
   * The temporary table of the rows of one decision: {@code number} in the order they were found,
   * {@code place_table} and {@code place} of the target's row, {@code seen} for the hash of it, and
   * for those that are written {@code c1}, {@code c2} and so on for the columns of the pair.
   */
  String stage(Decision decision) {
    return "pg_temp." + stageName(decision);
  }

  String stageName(Decision decision) {
    return "belay_" + decision.name().toLowerCase(Locale.ROOT) + "_" + number;
  }

  /** The name of a column in the stage. */
  String staged(String column) {
    return "c" + (pair.columns().indexOf(column) + 1);
  }

  /** The columns of the pair, as they are called in the stage. */
  List<String> stagedColumns() {
    return pair.columns().stream().map(this::staged).toList();
  }

  /** Columns that an update writes: all but the key, and those that take no value. */
  List<String> updatable() {
    return pair.columns().stream()
        .filter(column -> !pair.key().contains(column) && !always(column))
        .toList();
  }

  /** Columns that no update can write, and whose values may differ. */
  List<String> fixed() {
    return pair.columns().stream()
        .filter(column -> !pair.key().contains(column) && always(column))
        .toList();
  }

  /** Columns of the target that the source lacks, and that hold values of their own. */
  List<String> targetOnly() {
    Set<String> common = Set.copyOf(pair.columns());
    return pair.target().columns().stream()
        .filter(column -> !column.generated() && !common.contains(column.name()))
        .map(RelationColumn::name)
        .toList();
  }

  private boolean always(String column) {
    return target(column)
        .map(found -> found.identity() == RelationColumn.Identity.ALWAYS)
        .orElse(false);
  }

  private Optional<RelationColumn> target(String column) {
    return pair.target().column(column);
  }

  /** {@code overriding system value}, where the table has an identity column. */
  String overriding() {
    boolean identity =
        pair.target().columns().stream()
            .anyMatch(column -> column.identity() != RelationColumn.Identity.NONE);
    return identity ? "overriding system value " : "";
  }

  /** The hash of a row of the target, over the columns of the pair. */
  String targetHash() {
    return RowHash.of(shapes(pair.target()));
  }

  /** The hash of a row of a relation, over the columns of the pair. */
  List<ColumnShape> shapes(Relation relation) {
    return shapes(pair, relation);
  }

  /**
   * Where the two sides write a type differently in a hash, the text that its output function
   * writes stands for the value on both.
   */
  static List<ColumnShape> shapes(Pair pair, Relation relation) {
    return pair.columns().stream()
        .map(
            column -> {
              Optional<ColumnText> here = relation.column(column).map(RelationColumn::text);
              Optional<ColumnText> source = pair.source().column(column).map(RelationColumn::text);
              Optional<ColumnText> target = pair.target().column(column).map(RelationColumn::text);
              return new ColumnShape(
                  column,
                  source.equals(target) ? here.orElse(ColumnText.OUTPUT) : ColumnText.OUTPUT);
            })
        .toList();
  }

  static String list(String alias, List<String> columns) {
    return String.join(
        ", ", columns.stream().map(column -> alias + "." + new Identifier(column)).toList());
  }

  static String names(List<String> columns) {
    return String.join(
        ", ", columns.stream().map(name -> new Identifier(name).toString()).toList());
  }

  TableMerge summary() {
    List<String> all = new ArrayList<>(pair.differences());
    all.addAll(notes);
    return new TableMerge(
        name(),
        diff,
        !pair.key().isEmpty(),
        rows(Decision.ADD),
        rows(Decision.CHANGE),
        rows(Decision.REMOVE),
        rows(Decision.CONFLICT),
        rows(Decision.LEAVE),
        samples(),
        all);
  }
}
