package dev.belay.migrate;

import dev.belay.cli.Plan;
import dev.belay.core.Units;
import dev.belay.flyway.Migration;
import dev.belay.migrations.AppRisk;
import dev.belay.migrations.LockedTable;
import dev.belay.migrations.PendingRisk;
import dev.belay.migrations.Risk;
import dev.belay.migrations.UndoVerdict;
import dev.belay.rollback.LossAccount;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says what a migration is about to do, and which way back each has. */
final class PlanText {
  private final GuardedRun run;
  private final MigrateRequest request;
  private final Forecast forecast;

  PlanText(GuardedRun run, MigrateRequest request, Forecast forecast) {
    this.run = run;
    this.request = request;
    this.forecast = forecast;
  }

  Plan plan() {
    return new Plan(
        "apply %s of app %s to %s"
            .formatted(
                Units.count(forecast.pending().size(), "migration", "migrations"),
                request.app().name(),
                run.target()),
        steps(),
        notes(),
        losses(),
        run.live());
  }

  private List<String> steps() {
    List<String> steps = new ArrayList<>();
    request
        .backup()
        .ifPresent(
            level ->
                steps.add(
                    "make a backup in %s and prove it as %s"
                        .formatted(run.settings().folders().backups(), level)));
    if (request.export() && !forecast.losses().isEmpty()) {
      steps.add("export what is lost to " + run.settings().folders().dataExports());
    }
    for (Migration migration : forecast.pending()) {
      steps.add("apply %s: %s".formatted(migration.name(), about(migration)));
    }
    steps.add(
        forecast.risk().isPresent()
            ? "compare the schema with what the migrations give, and check the integrity of the data"
            : "check the integrity of the data");
    if (!request.watch().isZero()) {
      steps.add("watch the database for " + Units.duration(request.watch()));
    }
    return steps;
  }

  private String about(Migration migration) {
    Optional<PendingRisk> known = forecast.of(migration);
    if (known.isEmpty()) {
      return "not replayed; " + wayBack(migration);
    }
    boolean loses =
        !forecast.losses(migration).isEmpty() || !forecast.emptyLosses(migration).isEmpty();
    String outside =
        known.get().inTransaction().filter(in -> !in).isPresent()
            ? ", outside a transaction"
                + (loses ? ", so that what is written while it runs is lost and not exported" : "")
            : "";
    return "risk %s%s; %s".formatted(known.get().shownLevel(), outside, wayBack(migration));
  }

  /** The way back that it has when it is applied. */
  private String wayBack(Migration migration) {
    Optional<PendingRisk> known = forecast.of(migration);
    if (known.isPresent() && known.get().undo().verdict() != UndoVerdict.missing) {
      return "undo " + known.get().undo().words();
    }
    if (migration.undo() != null) {
      return "undo " + migration.undo().file().getFileName();
    }
    return request.backup().isPresent()
        ? "there is no undo script: the way back is the backup"
        : "there is no undo script, and no backup is made: THERE IS NO WAY BACK";
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Migration migration : forecast.pending()) {
      Optional<PendingRisk> known = forecast.of(migration);
      if (known.isEmpty()) {
        continue;
      }
      for (Risk risk : known.get().risks()) {
        notes.add(
            "%s: %s: %s [%s]".formatted(migration.name(), risk.level(), risk.what(), risk.rule()));
      }
      for (LockedTable lock : known.get().locks()) {
        if (lock.live() && lock.stops() != LockedTable.Stops.nothing) {
          notes.add(
              "%s: locks %s in mode %s, %s, %s"
                  .formatted(
                      migration.name(), lock.table(), lock.mode(), lock.size(), lock.effect()));
        }
      }
      known.get().notes().forEach(note -> notes.add(migration.name() + ": " + note));
    }
    forecast.why().ifPresent(why -> notes.add("nothing was replayed: " + why));
    notes.addAll(forecast.risk().map(AppRisk::notes).orElse(List.of()));
    notes.add(
        "each lock is waited for %s at most, and the migration tried again, %s in all"
            .formatted(
                Units.duration(request.lockTimeout()),
                Units.count(request.tries(), "time", "times")));
    if (request.zeroDowntime()) {
      notes.addAll(new ZeroDowntime(forecast, request.maxLock(), false).notes());
      notes.add(
          "a migration that keeps somebody waiting for longer than %s is cancelled"
              .formatted(Units.duration(request.maxLock())));
    }
    notes.add("when it fails: " + onFailure());
    notes.add(
        "the next start of an application with these scripts applies nothing more; one with older"
            + " scripts starts too, unless its Flyway heeds versions that it does not have");
    return notes;
  }

  private String onFailure() {
    return switch (request.policy()) {
      case UNDO ->
          request.backup().isPresent()
              ? "what was applied is undone by its undo scripts, else the backup restored if it is"
                  + " certain that nobody else wrote since"
              : "what was applied is undone by its undo scripts";
      case RESTORE -> "the backup is restored, and what was written since is kept beside it";
      case STOP -> "what was applied stays, and which ways there are is said";
    };
  }

  private List<String> losses() {
    List<String> losses = new ArrayList<>();
    for (UndoLoss loss : forecast.losses()) {
      losses.add(LossAccount.words(loss));
    }
    if (request.backup().isEmpty()) {
      losses.add("no backup is made (--no-backup)");
    }
    if (!request.export() && !forecast.losses().isEmpty()) {
      losses.add("what is lost is not exported (--no-export)");
    }
    if (!request.preflight()) {
      losses.add("whether one could go back is not looked at (--no-preflight)");
    } else if (!request.accepted().isEmpty()) {
      losses.add(
          "accepted as they are: "
              + request.accepted().stream()
                  .map(topic -> topic.word())
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    return losses;
  }
}
