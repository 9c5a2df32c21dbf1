package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Works out the state of every migration as Flyway OSS 13 does, from the history and the scripts
 * alone: loading Flyway itself would take longer than a command may. A test holds it against the
 * real one. It also reads histories that Flyway OSS cannot.
 */
public final class MigrationStates {
  private record Key(MigrationVersion version, String type) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::version).thenComparing(Key::type);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private final MigrationScripts scripts;
  private final boolean outOfOrder;
  private final Map<Key, MigrationScript> byVersion = new TreeMap<>();
  private final Map<String, MigrationScript> byDescription = new TreeMap<>();
  private final Map<String, Integer> latestRuns = new HashMap<>();
  private FlywayTarget target;
  private @Nullable MigrationVersion lastScript;
  private @Nullable MigrationVersion lastApplied;
  private @Nullable MigrationVersion appliedBaseline;
  private @Nullable MigrationVersion pendingBaseline;

  private MigrationStates(MigrationScripts scripts, AppSettings app) {
    this.scripts = scripts;
    this.outOfOrder = "true".equalsIgnoreCase(app.flyway().get("outOfOrder"));
    this.target = FlywayTarget.of(app.flyway().get("target"));
  }

  /**
   * Every migration of the app: first what a baseline covers, then what was applied, in that order,
   * then what was not, by version.
   */
  public static List<Migration> of(
      Database database, AppSettings app, MigrationHistory history, MigrationScripts scripts) {
    boolean baselines =
        "true".equalsIgnoreCase(app.flyway().get("baselineOnMigrate"))
            && !history.present()
            && HistoryQueries.holdsObjects(database, app);
    return of(app, history, scripts, baselines);
  }

  /**
   * The same without a database.
   *
   * @param baselines whether the next migrate begins with {@code baselineOnMigrate}
   */
  static List<Migration> of(
      AppSettings app, MigrationHistory history, MigrationScripts scripts, boolean baselines) {
    MigrationStates states = new MigrationStates(scripts, app);
    if (baselines) {
      MigrationVersion version =
          MigrationVersion.of(app.flyway().getOrDefault("baselineVersion", "1"));
      states.appliedBaseline = version;
      states.lastApplied = version;
    }
    return states.all(history);
  }

  private List<Migration> all(MigrationHistory history) {
    scripts.migrations().forEach(this::addScript);
    List<HistoryRow> versioned = HistoryRow.versioned(history.rows());
    List<HistoryRow> repeatable = HistoryRow.repeatable(history.rows());
    history.rows().forEach(this::seeBaseline);
    versioned.forEach(this::seeApplied);
    target = target.afterReading(lastApplied);
    repeatable.forEach(this::seeRun);

    Collection<MigrationScript> pendingVersions = pendingVersions(versioned);
    Collection<MigrationScript> pendingRepeatables = pendingRepeatables(repeatable);
    narrowNext(pendingVersions);
    List<Migration> applied = new ArrayList<>();
    versioned.forEach(row -> applied.add(migration(row, scriptOf(row))));
    repeatable.forEach(
        row -> applied.add(migration(row, byDescription.get(row.applied.description()))));
    applied.sort(Comparator.comparingInt(MigrationStates::rank));
    List<Migration> covered = new ArrayList<>();
    List<Migration> open = new ArrayList<>();
    for (MigrationScript script : pendingVersions) {
      Migration migration = migration(script);
      boolean below =
          migration.state() == MigrationState.BELOW_BASELINE
              || migration.state() == MigrationState.BASELINE_IGNORED;
      (below ? covered : open).add(migration);
    }
    pendingRepeatables.forEach(script -> open.add(migration(script)));
    covered.addAll(applied);
    covered.addAll(open);
    return covered;
  }

  private static int rank(Migration migration) {
    return migration.applied() == null ? Integer.MAX_VALUE : migration.applied().installedRank();
  }

  private void addScript(MigrationScript script) {
    if (script.version() == null) {
      byDescription.putIfAbsent(script.description(), script);
    } else {
      byVersion.putIfAbsent(new Key(script.version(), script.type()), script);
      lastScript = later(lastScript, script.version());
    }
  }

  private void seeBaseline(AppliedMigration row) {
    MigrationVersion version = row.number();
    if (version != null && row.isBaseline()) {
      appliedBaseline = later(appliedBaseline, version);
    }
  }

  private void seeApplied(HistoryRow row) {
    MigrationVersion version = row.version;
    if (version == null) {
      return;
    }
    if (lastApplied != null && version.compareTo(lastApplied) <= 0) {
      row.outOfOrder = true;
    } else if (!row.applied.isDelete() && !row.deleted && !row.undone) {
      lastApplied = version;
    }
  }

  private void seeRun(HistoryRow row) {
    latestRuns.merge(row.applied.description(), row.applied.installedRank(), Math::max);
  }

  private static MigrationVersion later(@Nullable MigrationVersion one, MigrationVersion other) {
    return one == null || other.compareTo(one) > 0 ? other : one;
  }

  private @Nullable MigrationScript scriptOf(HistoryRow row) {
    return row.version == null
        ? null
        : byVersion.get(new Key(row.version, row.applied.resolvedType()));
  }

  private Collection<MigrationScript> pendingVersions(List<HistoryRow> rows) {
    Set<MigrationScript> pending = new LinkedHashSet<>(byVersion.values());
    for (HistoryRow row : rows) {
      MigrationScript script = scriptOf(row);
      if (script != null && !row.deleted && !row.undone) {
        pending.remove(script);
      }
    }
    for (MigrationScript script : pending) {
      if (script.isBaseline() && script.version() != null) {
        pendingBaseline = later(pendingBaseline, script.version());
      }
    }
    return inOrder(pending);
  }

  /** A baseline script comes after the migration of the same version. */
  private static List<MigrationScript> inOrder(Set<MigrationScript> scripts) {
    return scripts.stream()
        .sorted(
            Comparator.comparing(
                    MigrationScript::version, Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparing(MigrationScript::isBaseline))
        .toList();
  }

  private Collection<MigrationScript> pendingRepeatables(List<HistoryRow> rows) {
    Set<MigrationScript> pending = new LinkedHashSet<>(byDescription.values());
    for (HistoryRow row : rows) {
      MigrationScript script = byDescription.get(row.applied.description());
      boolean current =
          script != null
              && !row.deleted
              && !row.applied.isDelete()
              && isLatestRun(row)
              && script.hasChecksum(row.applied.checksum());
      if (current) {
        pending.remove(script);
      }
    }
    return pending;
  }

  private boolean isLatestRun(HistoryRow row) {
    return row.applied.installedRank()
        == latestRuns.getOrDefault(row.applied.description(), Integer.MIN_VALUE);
  }

  /** With the target {@code next}, only the first pending version is within the target. */
  private void narrowNext(Collection<MigrationScript> pending) {
    if (target.isNext()) {
      MigrationVersion next =
          pending.stream()
              .filter(script -> pendingState(script) == MigrationState.PENDING)
              .findFirst()
              .map(MigrationScript::version)
              .orElse(null);
      target = target.asNext(next);
    }
  }

  private Migration migration(MigrationScript script) {
    MigrationState state = pendingState(script);
    return new Migration(
        null, script, scripts.undo(script.version()).orElse(null), state, state, null, false);
  }

  private Migration migration(HistoryRow row, @Nullable MigrationScript script) {
    MigrationState flyway = appliedState(row, script);
    MigrationState state = row.held ? MigrationState.HELD : flyway;
    boolean inCode = row.applied.isInCode() && row.applied.success();
    if (inCode && (state.isMissing() || state.isFuture())) {
      state = MigrationState.SUCCESS;
    }
    MigrationVersion version = row.version;
    boolean covered =
        version != null && appliedBaseline != null && version.compareTo(appliedBaseline) <= 0;
    return new Migration(
        row.applied,
        script,
        row.applied.isRecord() ? null : scripts.undo(version).orElse(null),
        state,
        flyway,
        row.closedBy,
        covered);
  }

  private MigrationState pendingState(MigrationScript script) {
    MigrationVersion version = script.version();
    if (version == null) {
      return MigrationState.PENDING;
    }
    MigrationState state = pendingState(version);
    if (!script.isBaseline()) {
      return state;
    }
    boolean tooLate = appliedBaseline != null || lastApplied != null;
    if (state == MigrationState.PENDING && tooLate) {
      return MigrationState.IGNORED;
    }
    boolean isTheBaseline =
        state == MigrationState.BASELINE_IGNORED && version.equals(pendingBaseline);
    return isTheBaseline && !tooLate ? MigrationState.PENDING : state;
  }

  private MigrationState pendingState(MigrationVersion version) {
    MigrationVersion baseline = lastApplied == null ? pendingBaseline : appliedBaseline;
    int toBaseline = baseline == null ? 1 : version.compareTo(baseline);
    if (toBaseline <= 0) {
      return toBaseline < 0 ? MigrationState.BELOW_BASELINE : MigrationState.BASELINE_IGNORED;
    }
    if (target.isBelow(version)) {
      return MigrationState.ABOVE_TARGET;
    }
    boolean late = lastApplied != null && version.compareTo(lastApplied) < 0;
    return late && !outOfOrder ? MigrationState.IGNORED : MigrationState.PENDING;
  }

  private MigrationState appliedState(HistoryRow row, @Nullable MigrationScript script) {
    if (row.undone) {
      return MigrationState.UNDONE;
    }
    if (row.deleted) {
      return MigrationState.DELETED;
    }
    AppliedMigration applied = row.applied;
    if (applied.isDelete()) {
      return MigrationState.SUCCESS;
    }
    boolean missing = script == null && (row.version != null || isLatestRun(row));
    if (applied.isBaseline()) {
      return baselineState(row, missing);
    }
    if (missing) {
      return missingState(row);
    }
    if (!applied.success()) {
      return MigrationState.FAILED;
    }
    if (applied.isSchemaCreation()) {
      return MigrationState.SUCCESS;
    }
    if (row.version == null) {
      return repeatableState(row, script);
    }
    return row.outOfOrder ? MigrationState.OUT_OF_ORDER : MigrationState.SUCCESS;
  }

  private MigrationState baselineState(HistoryRow row, boolean missing) {
    if (!row.applied.isBaselineScript()) {
      return MigrationState.BASELINE;
    }
    if (!row.applied.success()) {
      return MigrationState.FAILED;
    }
    return missing ? missingState(row) : MigrationState.BASELINE;
  }

  private MigrationState missingState(HistoryRow row) {
    boolean success = row.applied.success();
    if (row.applied.isSchemaCreation()) {
      return MigrationState.SUCCESS;
    }
    boolean older =
        row.version == null || (lastScript != null && row.version.compareTo(lastScript) < 0);
    if (older) {
      return success ? MigrationState.MISSING_SUCCESS : MigrationState.MISSING_FAILED;
    }
    return success ? MigrationState.FUTURE_SUCCESS : MigrationState.FUTURE_FAILED;
  }

  private MigrationState repeatableState(HistoryRow row, @Nullable MigrationScript script) {
    if (!isLatestRun(row)) {
      return MigrationState.SUPERSEDED;
    }
    boolean unchanged = script != null && script.hasChecksum(row.applied.checksum());
    return unchanged ? MigrationState.SUCCESS : MigrationState.OUTDATED;
  }
}
