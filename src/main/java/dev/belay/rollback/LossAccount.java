package dev.belay.rollback;

import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.dataset.Condition;
import dev.belay.flyway.HistoryLock;
import dev.belay.postgres.Database;
import dev.belay.undo.UndoLoss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What an undo destroys, as far as it is known, and the files in which it is kept. Nothing that is
 * lost is left out: what was not foreseen is added, and the undo begun again.
 */
public final class LossAccount {
  private final LossExport export;
  private final boolean exporting;
  private final TableName own;
  private final Map<TableName, String> others = new HashMap<>();
  private final List<UndoLoss> losses = new ArrayList<>();
  private final List<UndoLoss> exported = new ArrayList<>();
  private final Set<Path> files = new LinkedHashSet<>();
  private final Set<Path> late = new LinkedHashSet<>();
  private List<UndoLoss> earlier = List.of();
  private List<UndoLoss> now = List.of();
  private long oldest;

  /**
   * @param app whose history table Belay writes itself; those of others are nobody's to change
   * @param exporting whether anything is exported
   */
  public LossAccount(LossExport export, AppSettings app, boolean exporting, Settings settings) {
    this.export = export;
    this.exporting = exporting;
    this.own = HistoryLock.table(app);
    for (AppSettings other : settings.apps()) {
      others.put(HistoryLock.table(other), other.name());
    }
    others.remove(own);
  }

  /** So much more is going to be lost. */
  public void add(List<UndoLoss> more) {
    for (UndoLoss loss : more) {
      if (!covers(losses, loss)) {
        losses.add(loss);
      }
    }
  }

  /** The files in which it is kept. */
  public List<String> files() {
    return files.stream().map(Path::toString).toList();
  }

  /** The same, of all tables that are there. */
  public boolean export(Database session) {
    return export(session, table -> RollbackQueries.exists(session, table));
  }

  /**
   * Exports what has not been yet. Where there is more now, all is exported again, so that the rows
   * of one file are of one moment.
   *
   * @param session outside of any transaction
   * @return whether there was any
   */
  boolean export(Database session, Predicate<TableName> exists) {
    List<UndoLoss> all = losses.stream().filter(loss -> exists.test(loss.table())).toList();
    if (!exporting || all.isEmpty() || exported.containsAll(all)) {
      return false;
    }
    List<UndoLoss> missing = all.stream().filter(loss -> !exported.contains(loss)).toList();
    long moment = RollbackQueries.oldest(session);
    // The older of both, so that no row falls between two exports.
    oldest = exported.isEmpty() ? moment : Math.min(oldest, moment);
    files.add(export.write(missing, Optional.empty()));
    exported.addAll(missing);
    return true;
  }

  /** A transaction begins: what an earlier try of it exported is still in its tables. */
  public void begin() {
    for (Path file : late) {
      files.remove(file);
      try {
        Files.deleteIfExists(file);
      } catch (IOException stays) {
        // It only says once more what is in the next one.
      }
    }
    late.clear();
  }

  /** The transaction that was settled last is committed. */
  void committed() {
    late.clear();
    earlier = now;
  }

  /** Keeps writers away from the tables that lose something, in the order of their names. */
  public void lock(Database session) {
    for (TableName table : tables(session)) {
      RollbackQueries.lock(session, table);
    }
  }

  private Set<TableName> tables(Database session) {
    return losses.stream()
        .map(UndoLoss::table)
        .filter(table -> RollbackQueries.exists(session, table))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Exports, under the locks, the rows that came since the exports were made. */
  public void exportLatecomers(Database session) {
    if (!exporting || exported.isEmpty()) {
      return;
    }
    String condition = RollbackQueries.writtenSince(oldest, RollbackQueries.next(session));
    List<UndoLoss> changed =
        exported.stream()
            .filter(loss -> RollbackQueries.exists(session, loss.table()))
            .filter(loss -> RollbackQueries.countWhere(session, loss.table(), condition) > 0)
            .toList();
    if (!changed.isEmpty()) {
      Path file = export.write(changed, Optional.of(new Condition(condition)));
      files.add(file);
      late.add(file);
    }
  }

  /** The losses with their numbers, counted now; those of statements are known only afterwards. */
  public List<UndoLoss> counted(Database session) {
    return losses.stream()
        .filter(loss -> isThere(session, loss))
        .map(
            loss ->
                new UndoLoss(loss.kind(), loss.table(), loss.column(), rows(session, loss), true))
        .toList();
  }

  /** A transaction that came before may have taken it away. */
  private static boolean isThere(Database session, UndoLoss loss) {
    return RollbackQueries.exists(session, loss.table())
        && loss.column()
            .map(column -> RollbackQueries.hasColumn(session, loss.table(), column))
            .orElse(true);
  }

  private static long rows(Database session, UndoLoss loss) {
    return switch (loss.kind()) {
      case TABLE, EMPTIED -> RollbackQueries.rows(session, loss.table());
      case COLUMN -> RollbackQueries.values(session, loss.table(), loss.column().orElse(""));
      case REMOVED -> 0;
    };
  }

  /**
   * The losses with what statements removed or overwrote, and with those of the transactions that
   * were committed before.
   *
   * @param counted before the scripts
   * @param effects after them
   * @throws dev.belay.core.Failure REFUSED when the history of another app was changed
   * @throws Unforeseen when something went that is not among them
   */
  List<UndoLoss> settled(List<UndoLoss> counted, List<UndoLoss> effects) {
    effects.forEach(this::refuseOthers);
    List<UndoLoss> unforeseen =
        effects.stream()
            .filter(effect -> !effect.table().equals(own) && !covers(losses, effect))
            .toList();
    if (!unforeseen.isEmpty()) {
      throw new Unforeseen(unforeseen);
    }
    List<UndoLoss> settled =
        new ArrayList<>(
            counted.stream().filter(loss -> loss.kind() != UndoLoss.Kind.REMOVED).toList());
    effects.stream()
        .filter(effect -> effect.kind() == UndoLoss.Kind.REMOVED)
        .filter(effect -> !effect.table().equals(own))
        .filter(effect -> settled.stream().noneMatch(loss -> isWhole(loss, effect.table())))
        .forEach(settled::add);
    now = withEarlier(settled);
    return now;
  }

  private void refuseOthers(UndoLoss effect) {
    String other = others.get(effect.table());
    if (other != null) {
      throw Failure.refused(
          "a script drops, empties or changes %s, the history table of the app '%s'"
              .formatted(effect.table().plain(), other),
          "take that out of the undo script");
    }
  }

  /**
   * Losses together with those of the transactions that were committed before. What was foreseen is
   * counted from the first transaction on, whichever of them it goes with; rows that statements
   * removed add up.
   */
  List<UndoLoss> withEarlier(List<UndoLoss> losses) {
    Map<UndoLoss, UndoLoss> together = new LinkedHashMap<>();
    for (UndoLoss loss : earlier) {
      together.put(with(loss, 0), loss);
    }
    for (UndoLoss loss : losses) {
      together.merge(
          with(loss, 0),
          loss,
          (before, more) ->
              with(
                  loss,
                  loss.kind() == UndoLoss.Kind.REMOVED
                      ? before.rows() + more.rows()
                      : Math.max(before.rows(), more.rows())));
    }
    return List.copyOf(together.values());
  }

  private static UndoLoss with(UndoLoss loss, long rows) {
    return new UndoLoss(loss.kind(), loss.table(), loss.column(), rows, true);
  }

  private static boolean isWhole(UndoLoss loss, TableName table) {
    return loss.table().equals(table)
        && (loss.kind() == UndoLoss.Kind.TABLE || loss.kind() == UndoLoss.Kind.EMPTIED);
  }

  /** Whether what is lost is among what is known, and so exported and counted. */
  private static boolean covers(List<UndoLoss> known, UndoLoss loss) {
    return known.stream()
        .anyMatch(
            each ->
                isWhole(each, loss.table())
                    || (each.table().equals(loss.table())
                        && each.kind() == loss.kind()
                        && each.column().equals(loss.column())));
  }

  /** Tables, columns and numbers, for people. */
  public static String words(List<UndoLoss> losses) {
    return losses.stream()
        .filter(loss -> loss.rows() > 0)
        .map(LossAccount::words)
        .collect(Collectors.joining("; "));
  }

  /** The same of one. */
  public static String words(UndoLoss loss) {
    String about = loss.exact() ? "" : "about ";
    String name = loss.table().plain();
    return switch (loss.kind()) {
      case TABLE -> "%s is dropped with %s%d rows".formatted(name, about, loss.rows());
      case COLUMN ->
          "%s.%s is dropped or converted with %s%d values"
              .formatted(name, loss.column().orElse(""), about, loss.rows());
      case EMPTIED -> "%s is emptied of %s%d rows".formatted(name, about, loss.rows());
      case REMOVED ->
          loss.rows() == 0
              ? "rows of %s are removed or overwritten, counted when that was done".formatted(name)
              : "%d rows of %s are removed or overwritten".formatted(loss.rows(), name);
    };
  }
}
