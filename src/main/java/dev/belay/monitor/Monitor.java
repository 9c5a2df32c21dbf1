package dev.belay.monitor;

import dev.belay.cli.Progress;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Databases;

/** Watches machine and database while something runs. */
public final class Monitor {
  private Monitor() {}

  /**
   * Begins, in a thread of its own. What goes wrong with it never disturbs what is watched: it is
   * said in the notes of the summary.
   *
   * @param databases opens the session in which the database is asked
   * @param command what is watched, such as {@code migrate}; part of the file's name
   * @param progress told a line now and then
   */
  public static Monitoring start(
      Databases databases,
      Target target,
      MonitorSettings settings,
      String command,
      RunId run,
      Progress progress) {
    DatabaseEye eye = new DatabaseEye(databases, target, RunSessions.name(run, "monitor"));
    Monitoring monitoring =
        new Monitoring(
            eye,
            Machine.withDiskOf(settings.folder()),
            settings,
            progress,
            new Monitoring.Subject(command, run, target.toString()));
    monitoring.begin();
    return monitoring;
  }
}
