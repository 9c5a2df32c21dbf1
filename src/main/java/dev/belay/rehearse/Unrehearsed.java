package dev.belay.rehearse;

import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the next migrate applies to the live database, and no rehearsal tries. */
final class Unrehearsed {
  private Unrehearsed() {}

  /**
   * The scripts that are pending in the live database, programs too, and repeatable migrations that
   * are not as they were.
   */
  static List<MigrationScript> pending(AppState live) {
    return migrations(live).stream().map(Migration::script).filter(Objects::nonNull).toList();
  }

  private static List<Migration> migrations(AppState live) {
    return live.migrations().stream()
        .filter(
            each ->
                (each.state() == MigrationState.PENDING && each.applied() == null)
                    || each.state() == MigrationState.OUTDATED)
        .toList();
  }

  /**
   * Those of them that are not among the rehearsed ones, each with why.
   *
   * @param inForce the scripts that are in force in the copy
   * @param wanted asked for each
   */
  static List<Entry> of(
      AppState live,
      Set<String> inForce,
      List<Entry> rehearsed,
      Predicate<MigrationScript> wanted) {
    Set<String> tried =
        rehearsed.stream()
            .flatMap(each -> each.script().stream())
            .map(MigrationScript::script)
            .collect(Collectors.toSet());
    List<Entry> entries = new ArrayList<>();
    for (Migration migration : migrations(live)) {
      MigrationScript script = migration.script();
      if (script == null || tried.contains(script.script()) || !wanted.test(script)) {
        continue;
      }
      Entry entry = new Entry(migration, script, Optional.empty());
      entry.found(Verdict.NOT_REHEARSED, why(script, inForce));
      entries.add(entry);
    }
    return entries;
  }

  private static String why(MigrationScript script, Set<String> inForce) {
    if (script.type().equals("SCRIPT")) {
      return "it is a program: it could reach anything, so it is not run";
    }
    return inForce.contains(script.script())
        ? "the copy has it already, since the backup is of a time when it was applied; make a new one with belay create-backup, or name one from before with --from-backup"
        : "it is pending in the live database, and not in the copy";
  }
}
