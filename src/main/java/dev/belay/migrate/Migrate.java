package dev.belay.migrate;

import dev.belay.cli.Consent;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.flyway.AppState;
import dev.belay.flyway.FlywayEngine;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationState;
import dev.belay.journal.OperationLock;
import dev.belay.journal.RunSessions;
import dev.belay.migrations.AppRisk;
import dev.belay.migrations.CheckMigrations;
import dev.belay.migrations.CheckMigrationsRequest;
import dev.belay.migrations.PendingRisk;
import dev.belay.migrations.Risk;
import dev.belay.migrations.RiskLevel;
import dev.belay.migrations.RiskRule;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.rollback.LossAccount;
import dev.belay.scratch.ScratchReplay;
import dev.belay.swap.GuardedRun;
import java.io.IOException;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Applies pending migrations: looked at, planned, agreed to, and only then carried out. */
final class Migrate {
  private static final Duration LONGEST_COUNT = Duration.ofSeconds(10);

  private final GuardedRun run;
  private final MigrateRequest request;
  private final Map<String, String> environment;
  private final String version;
  private final Phases phases = new Phases();

  /**
   * @param environment for finding pg_dump and pg_restore
   * @param version of this program
   */
  Migrate(GuardedRun run, MigrateRequest request, Map<String, String> environment, String version) {
    this.run = run;
    this.request = request;
    this.environment = environment;
    this.version = version;
  }

  /**
   * Migrates.
   *
   * @throws Failure REFUSED with all that speaks against it, before anything is changed; else as
   *     {@link CarryingOut#run}
   */
  Report run(boolean dryRun, Consent consent) {
    try (URLClassLoader classes = ScratchReplay.classes(request.jars())) {
      if (!dryRun) {
        phases.in("recover", () -> recovered());
      }
      return planned(dryRun, consent, classes);
    } catch (IOException stays) {
      throw new IllegalStateException("jars could not be closed", stays);
    }
  }

  private boolean recovered() {
    run.recover();
    return true;
  }

  private Report planned(boolean dryRun, Consent consent, URLClassLoader classes) {
    // A person may take an hour to answer, and nobody else is to wait for that.
    Optional<OperationLock> early =
        dryRun || consent.asksPerson() ? Optional.empty() : Optional.of(run.lock());
    try {
      Forecast forecast;
      try (Database session = run.databases().open(run.target())) {
        refuseStandby(session);
        Preflight preflight = new Preflight(run, request, environment, version);
        AppState state = state(session, classes);
        phases.in("preflight", () -> looked(preflight, session, state));
        List<Migration> pending = pending(state);
        if (pending.isEmpty()) {
          return MigrateReport.nothing(
              run.target().toString(), request.app().name(), state.history().currentVersion());
        }
        phases.in("readiness", () -> ready(preflight));
        forecast = phases.in("risk", () -> forecast(state, pending));
      }
      Refusals refusals = refusals(forecast);
      // Who only asks is shown what it would do, whatever speaks against it.
      if (!dryRun) {
        refusals.refuse();
      }
      if (!consent.given(new PlanText(run, request, forecast).plan())) {
        refusals.refuse();
        return new MigrateAnswers(run, request, forecast, phases).planned();
      }
      if (early.isPresent()) {
        return carriedOut(forecast, early.get(), classes);
      }
      try (OperationLock lock = run.lock()) {
        return carriedOut(forecast, lock, classes);
      }
    } finally {
      early.ifPresent(OperationLock::close);
    }
  }

  private static boolean looked(Preflight preflight, Database session, AppState state) {
    preflight.refuseDirty(session, state);
    return true;
  }

  private static boolean ready(Preflight preflight) {
    preflight.refuseUnready();
    return true;
  }

  private static void refuseStandby(Database session) {
    if (ServerInfo.of(session).inRecovery()) {
      throw Failure.unavailable(
          "%s is a standby, which takes no changes".formatted(session.target()),
          "name the primary with --url");
    }
  }

  private AppState state(Database session, ClassLoader classes) {
    AppState state = AppState.read(session, request.app());
    return request.jars().isEmpty()
        ? state
        : state.withJars(
            session,
            new FlywayEngine(
                    request.app(),
                    run.target(),
                    RunSessions.name(run.run(), "flyway"),
                    List.of(),
                    classes)
                .resolved());
  }

  private static List<Migration> pending(AppState state) {
    return state.migrations().stream()
        .filter(each -> each.applied() == null && each.script() != null)
        .filter(each -> each.state() == MigrationState.PENDING)
        .toList();
  }

  private Forecast forecast(AppState state, List<Migration> pending) {
    try {
      AppRisk risk =
          new CheckMigrations(run.databases())
              .run(
                  run.settings(),
                  new CheckMigrationsRequest(
                      Optional.of(request.app().name()),
                      request.jars(),
                      RiskLevel.critical,
                      true,
                      LONGEST_COUNT,
                      false,
                      request.directory()),
                  run.progress())
              .apps()
              .get(0);
      return new Forecast(state, pending, Optional.of(risk), Optional.empty());
    } catch (Failure cannot) {
      if (!request.unproven()) {
        String message =
            "the migrations could not be replayed, so nobody knows what they do: "
                + cannot.message();
        String hint = cannot.hint() + ", or, when you know what they do, add --unproven";
        throw (cannot.exitCode() == ExitCode.UNAVAILABLE
                ? Failure.unavailable(message, hint)
                : Failure.refused(message, hint))
            .causedBy(cannot);
      }
      return new Forecast(state, pending, Optional.empty(), Optional.of(cannot.message()));
    }
  }

  private Refusals refusals(Forecast forecast) {
    Refusals refusals = new Refusals();
    request.failOn().ifPresent(level -> refuseRisk(forecast, level, refusals));
    refuseLoss(forecast, refusals);
    if (request.zeroDowntime()) {
      boolean group = "true".equalsIgnoreCase(request.app().flyway().get("group"));
      new ZeroDowntime(forecast, request.maxLock(), group).refuse(refusals);
    }
    return refusals;
  }

  /** What is lost has a number, which is agreed to by itself. */
  private void refuseRisk(Forecast forecast, RiskLevel level, Refusals refusals) {
    for (Migration migration : forecast.pending()) {
      List<Risk> high =
          forecast.of(migration).map(PendingRisk::risks).orElse(List.of()).stream()
              .filter(risk -> risk.level().reaches(level))
              .filter(
                  risk -> !risk.isOf(RiskRule.DATA_DESTROYED) && !risk.isOf(RiskRule.TABLE_EMPTIED))
              .toList();
      if (!high.isEmpty()) {
        refusals.add(
            "%s: %s"
                .formatted(
                    migration.name(),
                    high.stream()
                        .map(risk -> "%s risk: %s".formatted(risk.level(), risk.what()))
                        .collect(Collectors.joining("; "))),
            high.stream().anyMatch(risk -> risk.isOf(RiskRule.FAILS))
                ? "mend it; it is tried again by: "
                    + ShellWords.join(List.of("belay", "check-migrations", request.app().name()))
                : "change the migration, or, when that may be, add --fail-on "
                    + above(high.stream().map(Risk::level).toList()));
      }
    }
  }

  /** The least limit by which all of them pass. */
  private static String above(List<RiskLevel> levels) {
    RiskLevel greatest = RiskLevel.greatest(levels);
    return Arrays.stream(RiskLevel.values())
        .filter(level -> level.compareTo(greatest) > 0)
        .findFirst()
        .map(RiskLevel::name)
        .orElse(MigrateSettings.NONE);
  }

  private void refuseLoss(Forecast forecast, Refusals refusals) {
    long rows = forecast.rowsLost();
    boolean uncounted = forecast.losesUncounted() && request.acceptedLoss().isEmpty();
    if (!request.accepts(rows) || uncounted) {
      String words = LossAccount.words(forecast.losses());
      refusals.add(
          request.acceptedLoss().isPresent()
              ? "%d rows or values would be lost, more than the %d that are accepted: %s"
                  .formatted(rows, request.acceptedLoss().getAsLong(), words)
              : "%d rows or values would be lost: %s".formatted(rows, words),
          "when they may go, run the same command again with --accept-loss " + rows);
    }
  }

  private Report carriedOut(Forecast forecast, OperationLock lock, URLClassLoader classes) {
    try (Database session = run.databases().open(run.target())) {
      refuseChanged(session, forecast, classes);
    }
    return new CarryingOut(run, request, forecast, environment, version, phases).run(lock, classes);
  }

  /** Somebody else may have been at it while the plan was made or read. */
  private void refuseChanged(Database session, Forecast forecast, ClassLoader classes) {
    AppState now = state(session, classes);
    boolean same =
        HistoryQueries.read(session, request.app()).equals(forecast.state().history())
            && texts(pending(now)).equals(texts(forecast.pending()));
    if (!same) {
      throw Failure.refused(
          "the migrations of %s changed since the plan was made".formatted(request.app().name()),
          "look at the new plan: run the same command again");
    }
  }

  private static List<String> texts(List<Migration> migrations) {
    List<String> texts = new ArrayList<>();
    for (Migration each : migrations) {
      MigrationScript script =
          Objects.requireNonNull(each.script(), "what is pending has a script");
      texts.add(script.script() + " " + script.checksum());
    }
    return texts;
  }
}
