package dev.belay.rollback;

import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.TableName;
import dev.belay.dataset.Condition;
import dev.belay.flyway.HistoryLock;
import dev.belay.postgres.Database;
import dev.belay.undo.UndoLoss;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What an undo destroys, as far as it is known, and the files in which it is kept. Nothing that is
 * lost is left out: what was not foreseen is added, and the undo begun again.
 */
final class LossAccount {
  private final LossExport export;
  private final boolean exporting;
  private final Set<TableName> own = new HashSet<>();
  private final List<UndoLoss> losses = new ArrayList<>();
  private final List<UndoLoss> exported = new ArrayList<>();
  private final Set<Path> files = new LinkedHashSet<>();
  private long oldest;

  /**
   * @param exporting whether anything is exported
   */
  LossAccount(LossExport export, boolean exporting, Settings settings) {
    this.export = export;
    this.exporting = exporting;
    for (AppSettings app : settings.apps()) {
      own.add(HistoryLock.table(app));
    }
  }

  void add(List<UndoLoss> more) {
    for (UndoLoss loss : more) {
      if (!covers(losses, loss)) {
        losses.add(loss);
      }
    }
  }

  List<Path> files() {
    return List.copyOf(files);
  }

  /**
   * Exports what has not been yet. Where there is more now, all is exported again, so that the rows
   * of one file are of one moment.
   *
   * @param session outside of any transaction
   */
  void export(Database session, Predicate<TableName> exists) {
    List<UndoLoss> all = losses.stream().filter(loss -> exists.test(loss.table())).toList();
    if (!exporting || all.isEmpty() || exported.containsAll(all)) {
      return;
    }
    List<UndoLoss> missing = all.stream().filter(loss -> !exported.contains(loss)).toList();
    long moment = RollbackQueries.oldest(session);
    // The older of both, so that no row falls between two exports.
    oldest = exported.isEmpty() ? moment : Math.min(oldest, moment);
    files.add(export.write(missing, Optional.empty()));
    exported.addAll(missing);
  }

  /** Keeps writers away from the tables that lose something, in the order of their names. */
  void lock(Database session) {
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
  void exportLatecomers(Database session) {
    if (!exporting || exported.isEmpty()) {
      return;
    }
    String condition = RollbackQueries.writtenSince(oldest, RollbackQueries.next(session));
    List<UndoLoss> late =
        exported.stream()
            .filter(loss -> RollbackQueries.exists(session, loss.table()))
            .filter(loss -> RollbackQueries.countWhere(session, loss.table(), condition) > 0)
            .toList();
    if (!late.isEmpty()) {
      files.add(export.write(late, Optional.of(new Condition(condition))));
    }
  }

  /** The losses with their numbers, counted now; those of statements are known only afterwards. */
  List<UndoLoss> counted(Database session) {
    return losses.stream()
        .filter(loss -> RollbackQueries.exists(session, loss.table()))
        .map(
            loss ->
                new UndoLoss(loss.kind(), loss.table(), loss.column(), rows(session, loss), true))
        .toList();
  }

  private static long rows(Database session, UndoLoss loss) {
    return switch (loss.kind()) {
      case TABLE, EMPTIED -> RollbackQueries.rows(session, loss.table());
      case COLUMN -> RollbackQueries.values(session, loss.table(), loss.column().orElse(""));
      case REMOVED -> 0;
    };
  }

  /**
   * The losses with what statements removed or overwrote.
   *
   * @param counted before the scripts
   * @param effects after them
   * @throws Unforeseen when something went that is not among them
   */
  List<UndoLoss> settled(List<UndoLoss> counted, List<UndoLoss> effects) {
    List<UndoLoss> unforeseen =
        effects.stream()
            .filter(effect -> !own.contains(effect.table()) && !covers(losses, effect))
            .toList();
    if (!unforeseen.isEmpty()) {
      throw new Unforeseen(unforeseen);
    }
    List<UndoLoss> settled =
        new ArrayList<>(
            counted.stream().filter(loss -> loss.kind() != UndoLoss.Kind.REMOVED).toList());
    effects.stream()
        .filter(effect -> effect.kind() == UndoLoss.Kind.REMOVED)
        .filter(effect -> !own.contains(effect.table()))
        .filter(effect -> settled.stream().noneMatch(loss -> isWhole(loss, effect.table())))
        .forEach(settled::add);
    return settled;
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
  static String words(List<UndoLoss> losses) {
    return losses.stream()
        .filter(loss -> loss.rows() > 0)
        .map(LossAccount::words)
        .collect(Collectors.joining("; "));
  }

  static String words(UndoLoss loss) {
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
