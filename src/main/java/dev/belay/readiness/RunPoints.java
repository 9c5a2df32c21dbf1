package dev.belay.readiness;

import dev.belay.config.AppSettings;
import dev.belay.core.Units;
import dev.belay.flyway.FlywayLock;
import dev.belay.flyway.LockHolder;
import dev.belay.journal.OperationLock;
import dev.belay.journal.UnfinishedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether anybody else is at work on the database, or died at it. */
final class RunPoints {
  private RunPoints() {}

  static Point running(Look look) {
    List<String> found = new ArrayList<>();
    OperationLock.other(look.database(), look.target().database())
        .ifPresent(who -> found.add("another belay is at work: " + who));
    for (AppSettings app : look.settings().apps()) {
      Optional<LockHolder> holder = FlywayLock.holder(look.database(), app);
      holder.ifPresent(
          who ->
              found.add("a migration of the app %s is in progress: %s".formatted(app.name(), who)));
    }
    return found.isEmpty()
        ? Point.passed(Topic.RUNNING, "neither a belay nor a Flyway", "")
        : Point.failed(
            Topic.RUNNING,
            found.size() == 1 ? "somebody is at work" : found.size() + " are at work",
            "nobody",
            found,
            "run it again when they are done");
  }

  static Point unfinished(Look look) {
    List<String> notices = new ArrayList<>();
    List<UnfinishedRun> runs =
        UnfinishedRun.in(look.settings().folders().journal(), notices::add).stream()
            .filter(run -> run.header().target().equals(look.target().toString()))
            .toList();
    String hint = "belay emergency-recovery --no-backup --no-export";
    if (!runs.isEmpty()) {
      return Point.failed(
          Topic.UNFINISHED_RUNS,
          Units.count(runs.size(), "run was killed", "runs were killed"),
          "none",
          runs.stream().flatMap(RunPoints::words).toList(),
          hint);
    }
    return notices.isEmpty()
        ? Point.passed(Topic.UNFINISHED_RUNS, "none", "")
        : Point.warning(Topic.UNFINISHED_RUNS, "no journal is open", "", notices, hint);
  }

  private static Stream<String> words(UnfinishedRun run) {
    return Stream.concat(
        Stream.of(
            "%s, begun %s, killed at the step '%s' (run %s); each changing command puts right what it left, before it does its own work"
                .formatted(run.header().command(), run.header().at(), run.lastStep(), run.run())),
        run.hint().stream());
  }
}
