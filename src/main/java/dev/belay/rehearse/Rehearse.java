package dev.belay.rehearse;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.AppState;
import dev.belay.flyway.ScriptProblem;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tries migrations, and what takes them back, on a copy of the live database with its data. The
 * live database is only read.
 */
public final class Rehearse {
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
  private record Live(AppState state, LiveFacts facts) {}

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
      if (request.jars().isEmpty() && nothing(state)) {
        return empty(app, state);
      }
      replay = ScratchReplay.open(settings, session, request.jars(), progress);
      live = live(replay, session, state);
    }
    try {
      DataCopy copy =
          new Copying(
                  new CopyGround(settings, replay, live.facts(), progress, notes),
                  tools,
                  Wanted.of(live.state(), request))
              .make(request);
      try {
        return report(
            app,
            copy,
            new CopyRehearsal(
                    settings, databases, request, live.state(), replay, copy, progress, notes)
                .rehearse(app));
      } finally {
        closed(copy::close);
      }
    } catch (Failure failure) {
      throw LostServer.told(failure);
    } finally {
      closed(replay::close);
    }
  }

  private Live live(ScratchReplay replay, Database session, AppState state) {
    try {
      return new Live(
          request.jars().isEmpty() ? state : replay.state(session, state.app()),
          LiveFacts.of(session));
    } catch (Throwable broken) {
      closed(replay::close);
      throw broken;
    }
  }

  /** What cannot be dropped now, the next run drops; what was found out is told all the same. */
  private void closed(Runnable close) {
    try {
      close.run();
    } catch (Failure stays) {
      progress.warn(
          "what was made for the rehearsal could not be dropped, which the next run of belay does: "
              + stays.message());
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
        : ReplayPlan.of(state, ReplayPlan.Reach.NEXT_MIGRATE).runningAgain().pending().isEmpty();
  }

  /** What belay does not run cannot be rehearsed, and is pending all the same. */
  private RehearseReport empty(AppSettings app, AppState state) {
    List<Entry> unseen = List.of();
    if (request.applied() == 0) {
      notes.addAll(ReplayPlan.of(state, ReplayPlan.Reach.NEXT_MIGRATE).notes());
      unseen =
          Unrehearsed.of(state, Set.of(), List.of(), new PendingChoice(request.target())::isWanted);
    }
    return new RehearseReport(
        settings.target().toString(),
        app.name(),
        mode(),
        begun,
        Optional.empty(),
        unseen.stream().map(Entry::result).toList(),
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

  private RehearseReport report(AppSettings app, DataCopy copy, CopyRehearsal.Found found) {
    List<RehearsedMigration> results =
        new ArrayList<>(
            Stream.concat(found.unrehearsed().stream(), found.entries().stream())
                .map(Entry::result)
                .toList());
    if (request.applied() > 0) {
      Collections.reverse(results);
    }
    RehearsalRecords records = new RehearsalRecords(settings, progress);
    records.remember(app, copy.origin(), begun, found.entries());
    List<WayBack> ways = WaysBack.of(settings, request, app.name(), copy.origin(), results, notes);
    Optional<String> kept = request.keep() ? kept(copy) : Optional.empty();
    RehearseReport report =
        new RehearseReport(
            settings.target().toString(),
            app.name(),
            mode(),
            begun,
            Optional.of(copy.origin()),
            results,
            found.baseline(),
            found.probed().stream().map(TableName::plain).toList(),
            ways,
            notes.stream().distinct().toList(),
            kept,
            List.of());
    return records.write(report);
  }

  private Optional<String> kept(DataCopy copy) {
    try {
      return Optional.of(copy.keep());
    } catch (Failure cannot) {
      notes.add("the copy does not stay: " + cannot.message());
      return Optional.empty();
    }
  }
}
