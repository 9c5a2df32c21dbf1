package dev.belay.rehearse;

import dev.belay.archive.DurableFiles;
import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationVersion;
import dev.belay.flyway.ScriptProblem;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.Recording;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import dev.belay.undo.RehearsedUndo;
import dev.belay.undo.RehearsedUndos;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tries migrations, and what takes them back, on a copy of the live database with its data. The
 * live database is only read.
 */
public final class Rehearse {
  private static final int KEPT_REPORTS = 50;

  private final Settings settings;
  private final Databases databases;
  private final RehearseRequest request;
  private final PostgresTools tools;
  private final Progress progress;
  private final List<String> notes = new ArrayList<>();
  private final Instant begun = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  /**
   * @param databases sessions with the live database
   * @param environment for finding pg_restore
   */
  public Rehearse(
      Settings settings,
      Databases databases,
      RehearseRequest request,
      Map<String, String> environment,
      Progress progress) {
    this.settings = settings;
    this.databases = databases;
    this.request = request;
    this.tools = new PostgresTools(settings.postgresPrograms(), environment);
    this.progress = progress;
  }

  /** What the live database says. */
  private record Live(AppState state, long bytes) {}

  /**
   * Rehearses.
   *
   * @throws Failure USAGE when there is no such app or version; REFUSED when there can be no copy
   *     of that kind; UNAVAILABLE when the server is gone or there is nothing to copy; FINDINGS
   *     when the backup is damaged
   */
  public RehearseReport run() {
    AppSettings app = settings.appOrOnly(request.app());
    Live live;
    ScratchReplay replay;
    try (Database session = databases.open(settings.target()).readingOnly()) {
      AppState state = AppState.read(session, app);
      refuseUnseen(state);
      live = new Live(state, CopyQueries.bytes(session));
      if (request.jars().isEmpty() && nothing(state)) {
        return empty(app);
      }
      replay = ScratchReplay.open(settings, session, request.jars(), progress);
    }
    try (replay;
        DataCopy copy =
            new Copying(settings, replay, tools, live.bytes(), progress, notes).make(request)) {
      return rehearsed(app, live, replay, copy);
    } catch (Failure failure) {
      throw LostServer.told(failure);
    }
  }

  /** Somebody who looks into the wrong folder must not be told that nothing is pending. */
  private static void refuseUnseen(AppState state) {
    for (ScriptProblem problem : state.scripts().problems()) {
      if (problem.kind() == ScriptProblem.Kind.LOCATION) {
        throw Failure.unavailable(
            "no script was seen in %s: %s".formatted(problem.where(), problem.message()),
            "name the folders of app %s in belay.yaml: belay config shows them"
                .formatted(state.app().name()));
      }
    }
  }

  private boolean nothing(AppState state) {
    return request.applied() > 0
        ? state.history().inForce().isEmpty()
        : ReplayPlan.of(state, ReplayPlan.Reach.NEXT_MIGRATE).pending().isEmpty();
  }

  private RehearseReport empty(AppSettings app) {
    return new RehearseReport(
        settings.target().toString(),
        app.name(),
        mode(),
        begun,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        notes,
        Optional.empty(),
        List.of());
  }

  private String mode() {
    return request.applied() > 0 ? "applied" : "pending";
  }

  private RehearseReport rehearsed(
      AppSettings app, Live live, ScratchReplay replay, DataCopy copy) {
    AppState state;
    ReplayPlan plan;
    List<Entry> before;
    List<Entry> entries;
    try (Database there = replay.databases().open(copy.target());
        Database ledger = databases.open(settings.target()).readingOnly()) {
      state = replay.state(there, app);
      plan = replay.plan(there, state, ReplayPlan.Reach.NEXT_MIGRATE);
      notes.addAll(plan.notes());
      Set<String> applied = new HashSet<>();
      live.state().history().inForce().forEach(row -> applied.add(row.script()));
      List<MigrationScript> since =
          plan.pending().stream().filter(script -> applied.contains(script.script())).toList();
      noteAhead(state, applied);
      Entries all =
          Entries.of(state, plan, ledger, copy.target(), request.generated(), request.jars());
      notes.addAll(all.notes());
      if (request.applied() > 0) {
        before = all.pending(since, replay, progress);
        entries = List.of();
      } else {
        before = List.of();
        if (!since.isEmpty()) {
          notes.add(
              "applied to the live database since the backup, and rehearsed too: "
                  + String.join(", ", since.stream().map(MigrationScript::script).toList()));
        }
        entries = all.pending(wanted(plan.pending(), since), replay, progress);
      }
    }
    Optional<Probe> probe =
        request.concurrent()
            ? Optional.of(new Probe(replay.databases(), copy::target, touched(replay, copy, plan)))
            : Optional.empty();
    Optional<ProbeFigures> baseline = probe.map(Probe::baseline);
    if (request.applied() > 0) {
      entries = applied(app, replay, copy, plan, before, probe);
    } else {
      new Rehearsing(replay, copy, plan, request.jobs(), probe, progress).thereAndBack(entries);
    }
    probe.ifPresent(each -> notes.addAll(each.notes()));
    if (request.concurrent()) {
      notes.add(
          "the probe's writes set columns to what they are and are rolled back; triggers fire");
    }
    return report(app, copy, entries, baseline, probe);
  }

  /** What the backup has and the live database has not any more makes it another database. */
  private void noteAhead(AppState state, Set<String> live) {
    for (AppliedMigration row : state.history().inForce()) {
      if (!live.contains(row.script())) {
        notes.add(
            "the copy has %s, which is not in force in the live database".formatted(row.script()));
      }
    }
  }

  private List<MigrationScript> wanted(List<MigrationScript> pending, List<MigrationScript> since) {
    if (request.target().isEmpty()) {
      return pending;
    }
    String text = request.target().get();
    MigrationVersion last =
        MigrationVersion.parse(text.replaceFirst("^[Vv]", ""))
            .orElseThrow(
                () ->
                    Failure.usage(
                        "--target: '%s' is no version".formatted(text),
                        "give it as in a script's name, such as --target 18"));
    if (pending.stream().noneMatch(script -> last.equals(script.version()))) {
      throw Failure.usage(
          "--target: there is no pending migration of version " + last,
          "see which are pending with: belay list-migrations");
    }
    return pending.stream()
        .filter(
            script ->
                since.contains(script)
                    || (script.version() != null && script.version().compareTo(last) <= 0))
        .toList();
  }

  private List<Entry> applied(
      AppSettings app,
      ScratchReplay replay,
      DataCopy copy,
      ReplayPlan first,
      List<Entry> since,
      Optional<Probe> probe) {
    Optional<Failure> late =
        new Rehearsing(replay, copy, first, request.jobs(), Optional.empty(), progress).only(since);
    if (late.isPresent()) {
      throw Failure.findings(
              "what was applied to the live database since the backup cannot be applied to it: "
                  + late.get().message(),
              "make a new backup: belay create-backup; and rehearse on that")
          .causedBy(late.get());
    }
    List<Entry> entries;
    ReplayPlan plan;
    try (Database there = replay.databases().open(copy.target());
        Database ledger = databases.open(settings.target()).readingOnly()) {
      AppState state = replay.state(there, app);
      plan = replay.plan(there, state, ReplayPlan.Reach.APPLIED);
      entries =
          Entries.of(state, plan, ledger, copy.target(), request.generated(), request.jars())
              .applied(request.applied(), replay, progress);
    }
    if (!entries.isEmpty()) {
      new Rehearsing(replay, copy, plan, request.jobs(), probe, progress)
          .backAndThere(
              entries,
              SchemaProof.of(
                  settings,
                  databases,
                  app,
                  entries.get(entries.size() - 1).migration(),
                  request.generated(),
                  request.jars(),
                  notes,
                  progress));
    }
    return entries;
  }

  /** The tables that the migrations lock, by a replay without data; else the largest. */
  private List<TableName> touched(ScratchReplay replay, DataCopy copy, ReplayPlan plan) {
    Map<String, TableName> names;
    List<TableName> largest;
    try (Database session = replay.databases().open(copy.target())) {
      names = ProbeQueries.names(session);
      largest = ProbeQueries.largest(session, Probe.MOST_TABLES);
    }
    Set<TableName> touched = new LinkedHashSet<>();
    try {
      Recording recording = replay.recording(plan);
      List<RecordedMigration> some =
          request.applied() > 0
              ? recording
                  .applied()
                  .subList(
                      Math.max(0, recording.applied().size() - request.applied()),
                      recording.applied().size())
              : recording.pending();
      for (RecordedMigration each : some) {
        each.locks()
            .forEach(
                lock ->
                    Optional.ofNullable(names.get(lock.relation().identity()))
                        .ifPresent(touched::add));
      }
    } catch (Failure cannot) {
      notes.add(
          "which tables the migrations touch is not known, so the largest are probed: "
              + cannot.message());
    }
    if (touched.size() > Probe.MOST_TABLES) {
      notes.add(
          "%d tables are touched, of which %d are probed"
              .formatted(touched.size(), Probe.MOST_TABLES));
    }
    return (touched.isEmpty() ? largest : touched.stream().toList())
        .stream().limit(Probe.MOST_TABLES).toList();
  }

  private RehearseReport report(
      AppSettings app,
      DataCopy copy,
      List<Entry> entries,
      Optional<ProbeFigures> baseline,
      Optional<Probe> probe) {
    List<RehearsedMigration> results =
        new ArrayList<>(entries.stream().map(Entry::result).toList());
    if (request.applied() > 0) {
      java.util.Collections.reverse(results);
    }
    List<WayBack> ways = WaysBack.of(settings, app.name(), copy.origin(), results, notes);
    RehearseReport report =
        new RehearseReport(
            settings.target().toString(),
            app.name(),
            mode(),
            begun,
            Optional.of(copy.origin()),
            results,
            baseline,
            probe.map(Probe::tables).orElse(List.of()).stream().map(TableName::plain).toList(),
            ways,
            notes.stream().distinct().toList(),
            request.keep() ? Optional.of(copy.keep()) : Optional.empty(),
            List.of());
    remember(settings, app, copy.origin(), begun, entries, progress);
    return write(report);
  }

  /** So that other commands can say when a way back was proven. */
  static void remember(
      Settings settings,
      AppSettings app,
      Origin origin,
      Instant at,
      List<Entry> entries,
      Progress progress) {
    List<RehearsedUndo> undos = new ArrayList<>();
    for (Entry entry : entries) {
      RehearsedMigration result = entry.result();
      undos.add(
          new RehearsedUndo(
              at,
              settings.target().toString(),
              app.name(),
              result.migration(),
              result.version(),
              entry.undoSha256(),
              result.verdict().word(),
              result.rowsLost(),
              entry.undo().map(Passage::millis).orElse(-1L),
              origin.copyBytes(),
              origin.words()));
    }
    try {
      new RehearsedUndos(settings.folders().migrationMonitoring()).add(undos);
    } catch (Failure cannot) {
      progress.warn("what was proven was not written down: " + cannot.message());
    }
  }

  private RehearseReport write(RehearseReport report) {
    try {
      List<Path> files =
          new ReportFile(settings.folders().migrationMonitoring(), "rehearsal", KEPT_REPORTS)
              .write(
                  settings.target().database(),
                  report.rehearsedAt(),
                  report,
                  ".txt",
                  report.lines());
      return report.in(files.stream().map(Path::toString).toList());
    } catch (IOException cannot) {
      progress.warn("the report was not written: " + DurableFiles.reason(cannot));
      return report;
    }
  }
}
