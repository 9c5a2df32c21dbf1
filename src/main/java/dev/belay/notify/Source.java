package dev.belay.notify;

import dev.belay.cli.Facts;
import dev.belay.config.Settings;
import dev.belay.journal.ThisProcess;
import java.nio.file.Path;

/**
 * Where an event comes from.
 *
 * @param database as people know it
 * @param arguments the command line, without secrets
 * @param log where the whole is to be read
 */
record Source(
    String database,
    String environment,
    String command,
    String arguments,
    String run,
    String host,
    String user,
    Path log) {

  static Source of(Facts facts) {
    Settings settings = facts.settings();
    return new Source(
        facts.database(),
        settings.environment(),
        facts.command(),
        facts.arguments(),
        facts.run().text(),
        ThisProcess.host(),
        ThisProcess.user(),
        settings.logFile());
  }
}
