package dev.belay.drill;

import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.rehearse.BackupRehearsal;
import dev.belay.rehearse.LiveFacts;
import dev.belay.scratch.ScratchReplay;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Proves the whole chain: a backup, its restore, the migrations since, their undo. What breaks in
 * one part keeps no other from being tried. The live database is only read.
 */
final class Drill {
  private final DrillGround ground;
  private final Instant begun = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  /**
   * @param databases sessions with the live database
   * @param environment for finding pg_restore
   */
  Drill(
      Settings settings,
      Databases databases,
      DrillRequest request,
      Map<String, String> environment,
      Progress progress) {
    this.ground =
        new DrillGround(
            settings,
            databases,
            request,
            new PostgresTools(settings.postgresPrograms(), environment),
            progress,
            new Phases(progress),
            new ArrayList<>());
  }

  /**
   * Drills.
   *
   * @throws Failure UNAVAILABLE when the live database, or the server of scratch databases, is not
   *     to be reached
   */
  DrillReport run() {
    LiveFacts facts;
    ScratchReplay replay;
    try (Database session = ground.databases().open(ground.settings().target()).readingOnly()) {
      facts = LiveFacts.of(session);
      replay = ScratchReplay.open(ground.settings(), session, List.of(), ground.progress());
    }
    BackupTrials backups = new BackupTrials(ground);
    CopyTrials trials = new CopyTrials(ground, backups);
    try (replay) {
      Optional<BackupRehearsal> copy = backups.newest(replay, facts);
      if (copy.isEmpty()) {
        copy = copied(replay, facts);
      }
      if (copy.isPresent()) {
        try {
          trials.run(copy.get());
        } finally {
          close(copy.get());
        }
      }
    }
    return new Conclusion(ground, begun).of(backups.restored(), backups.origin(), trials.apps());
  }

  /** What cannot be dropped now, the next run drops; what was found out is told all the same. */
  private void close(BackupRehearsal copy) {
    try {
      copy.close();
    } catch (Failure stays) {
      ground
          .notes()
          .add("the copy could not be dropped, which the next run does: " + stays.message());
    }
  }

  /**
   * Whoever connects to the live database waits while it is copied, so production is asked first.
   */
  private Optional<BackupRehearsal> copied(ScratchReplay replay, LiveFacts facts) {
    String name = "copy the live database instead";
    if (ground.settings().isProduction() && !ground.request().fromLive()) {
      ground
          .phases()
          .notChecked(
              name,
              "",
              "not copied: in production whoever connects would have to wait for it; --from-live copies it all the same");
      return Optional.empty();
    }
    return ground
        .phases()
        .phase(
            name,
            "",
            () ->
                new Phases.Found<>(
                    BackupRehearsal.ofLive(
                        ground.settings(),
                        ground.databases(),
                        replay,
                        ground.tools(),
                        facts,
                        ground.request().jobs(),
                        ground.progress(),
                        ground.notes()),
                    List.of()));
  }
}
