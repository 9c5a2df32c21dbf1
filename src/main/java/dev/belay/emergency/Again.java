package dev.belay.emergency;

import dev.belay.cli.PsqlAddress;
import dev.belay.cli.SameDatabase;
import dev.belay.core.Target;
import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes what is printed to be pasted be about the database of this run, and do no more than was
 * asked of it.
 *
 * @param database of this run
 * @param address for psql
 * @param same this command as it was asked for, but for the options
 */
record Again(SameDatabase database, PsqlAddress address, String same) {
  /** The command of this run, which a hint of any of its steps may name. */
  private static final String PLAIN = "belay emergency-recovery";

  /** Of a run with that database. */
  static Again of(EmergencyRequest request, Target target) {
    return new Again(
        request.database(),
        request.database().address(target),
        recovery(request, !request.backup(), !request.export()));
  }

  /** The same command, for the fixes alone. */
  static String fixing(EmergencyRequest request) {
    return recovery(request, true, true);
  }

  private static String recovery(EmergencyRequest request, boolean noBackup, boolean noExport) {
    List<String> words = new ArrayList<>();
    request.app().ifPresent(words::add);
    if (noBackup) {
      words.add("--no-backup");
    }
    if (noExport) {
      words.add("--no-export");
    } else {
      request.patterns().forEach(pattern -> words.addAll(List.of("--export", pattern)));
    }
    request.jars().forEach(jar -> words.addAll(List.of("--jars", jar.toString())));
    return words.isEmpty() ? PLAIN : PLAIN + " " + ShellWords.join(words);
  }

  /** A command. */
  String command(String command) {
    return database.text(connected(command.equals(PLAIN) ? same : command));
  }

  /** What is to be done, which may be a command or a sentence. */
  String hint(String hint) {
    return command(hint);
  }

  /** A text in which a command for psql may stand. */
  String connected(String text) {
    return SameDatabase.connected(text, address);
  }
}
