package dev.belay.pgtools;

import dev.belay.core.Failure;
import dev.belay.core.PassingTrouble;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.process.ProcessResult;
import dev.belay.process.ShellWords;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what pg_dump and pg_restore complain of into failures that say what to do next. */
final class ToolFailures {
  private enum Kind {
    FINDINGS,
    UNAVAILABLE,
    FAILED,
    PASSING
  }

  /**
   * What is known of a complaint.
   *
   * @param means what it means, in words; empty: the complaint says it itself
   */
  private record Known(Pattern complaint, Kind kind, String means, String hint) {
    static Known of(String complaint, Kind kind, String means, String hint) {
      return new Known(Pattern.compile(complaint), kind, means, hint);
    }
  }

  private static final String BLOCKERS =
      "find who holds or waits for the lock: psql -c 'select pid, usename, state, query from"
          + " pg_stat_activity where pid in (select unnest(pg_blocking_pids(pid)) from"
          + " pg_stat_activity) or wait_event_type = $$Lock$$', then run it again";

  private static final String ANOTHER = "choose another backup: belay list-backups";
  private static final Pattern LOCK =
      Pattern.compile(
          "could not obtain lock on relation|canceling statement due to (?:lock|statement) timeout");

  private static final List<Known> KNOWN =
      List.of(
          Known.of(
              "invalid page in block|could not read block|missing chunk number|invalid memory alloc"
                  + " request size|could not access status of transaction",
              Kind.FINDINGS,
              "the database itself is damaged",
              "do not write to it any more; copy its data directory, then restore the last good"
                  + " backup: belay list-backups"),
          Known.of(
              "could not obtain lock on relation",
              Kind.PASSING,
              "another session waits to change that table, and a parallel dump cannot wait behind it",
              BLOCKERS),
          Known.of(
              "canceling statement due to (?:lock|statement) timeout",
              Kind.UNAVAILABLE,
              "another session holds a lock for longer than 30 s",
              BLOCKERS),
          Known.of(
              "deadlock detected",
              Kind.PASSING,
              "another session took the same locks in another order",
              "run it again when nobody else changes the schema"),
          Known.of(
              "because other objects depend on it",
              Kind.FAILED,
              "the database has what the backup does not know",
              "drop it first, or restore beside it with --strategy swap"),
          Known.of(
              "too many connections|too many clients|remaining connection slots",
              Kind.UNAVAILABLE,
              "the server takes no more sessions; a dump or restore needs one more than --jobs",
              "end sessions that are not needed, or use --jobs 1"),
          Known.of(
              "max_locks_per_transaction",
              Kind.UNAVAILABLE,
              "the server's table of locks is too small for all tables at once",
              "raise max_locks_per_transaction so that, times (max_connections +"
                  + " max_prepared_transactions), it exceeds the number of tables and indexes, and"
                  + " restart the server"),
          Known.of(
              "unsupported version \\(.*\\) in file header",
              Kind.UNAVAILABLE,
              "the archive was written by a newer pg_dump",
              "use the pg_restore of a newer PostgreSQL: --set postgres-programs=<folder>"),
          Known.of(
              "No space left on device|could not extend file|File too large|Disk quota exceeded",
              Kind.PASSING,
              "a disk is full",
              "make room; see where with: df -h"),
          Known.of(
              "invalid snapshot identifier|could not import the requested snapshot",
              Kind.PASSING,
              "the session that held the snapshot is gone",
              "run it again"),
          Known.of(
              "row-level security|row security",
              Kind.UNAVAILABLE,
              "row-level security hides rows from this user",
              "use a user with BYPASSRLS: alter role … bypassrls"),
          Known.of(
              "server version mismatch",
              Kind.UNAVAILABLE,
              "pg_dump is older than the server",
              "name the folder of a newer one: --set postgres-programs=<folder>"),
          Known.of(
              "build does not support compression|not built with .* support",
              Kind.UNAVAILABLE,
              "this build of the program lacks the codec",
              "use --compress gzip:1"),
          Known.of(
              "no matching (?:tables|schemas)",
              Kind.UNAVAILABLE,
              "what was asked for is not in the database",
              "list the tables with: psql -c '\\dt *.*'"),
          Known.of(
              "password authentication failed|no password supplied|no pg_hba.conf entry",
              Kind.UNAVAILABLE,
              "",
              "check the user and the password with: belay config"),
          Known.of(
              "permission denied|must be owner of|must be superuser|must be member of",
              Kind.UNAVAILABLE,
              "the user lacks a privilege",
              "grant it, or use the owner of the objects or a superuser"),
          Known.of(
              "conflict with recovery",
              Kind.PASSING,
              "the standby had to apply changes that the dump's moment still needed",
              "raise max_standby_streaming_delay there, or name the primary"),
          Known.of(
              "could not translate host name|could not connect|connection to server .* failed",
              Kind.UNAVAILABLE,
              "",
              "see whether the server is up, and check the address with: belay config"),
          Known.of(
              "terminating connection|server closed the connection|could not receive data|Connection"
                  + " reset by peer|connection pointer is NULL|no connection to the server|SSL"
                  + " SYSCALL error",
              Kind.PASSING,
              "the server ended the session, or the network did",
              "see whether the server is up with: belay verify-state, then run it again"),
          Known.of(
              "^a worker process died unexpectedly$",
              Kind.PASSING,
              "a signal ended it: too little memory, or a limit of file sizes",
              "see which with: dmesg | tail; ulimit -f"),
          Known.of(
              "could not (?:(?:open|close|read from) (?:data|TOC|large object)|find header|read from input|uncompress|decompress|open input"
                  + " file|open TOC|find block)|unexpected end of file|invalid (?:compressed"
                  + " data|code lengths|distance|block type|stored)|incorrect data check|input file"
                  + " (?:is too short|appears)|does not appear to be a valid archive|unrecognized"
                  + " data block|found unexpected block ID|unexpected section code|entry ID"
                  + " .* out of range|did not find magic string|Data corruption",
              Kind.FINDINGS,
              "the archive is damaged",
              ANOTHER));

  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 6, "SIGABRT", 9, "SIGKILL", 11, "SIGSEGV", 13, "SIGPIPE", 15,
          "SIGTERM", 25, "SIGXFSZ");
  private static final int SIGNAL = 128;
  private static final int LONGEST = 1200;
  private static final Pattern LOCKING = Pattern.compile("LOCK TABLE (.{1,300}?) IN ACCESS SHARE");

  private ToolFailures() {}

  /**
   * The failure of a tool that did not end with 0.
   *
   * @param doing such as {@code the dump of}
   * @param blockers who holds a lock or waits for one, in words, where that is the reason
   */
  static Failure of(
      Tool tool,
      String doing,
      Target target,
      ProcessResult result,
      ToolOutput output,
      List<String> blockers) {
    return of(tool, doing + " " + target, result, output, blockers, Kind.PASSING);
  }

  /** The failure to read an archive. No server is involved, so what is not known is its damage. */
  static Failure reading(Tool tool, Path archive, ProcessResult result, ToolOutput output) {
    return of(tool, "reading " + archive, result, output, List.of(), Kind.FINDINGS);
  }

  /** Whether it is about a lock that another session holds or waits for. */
  static boolean isAboutLock(ToolOutput output) {
    return LOCK.matcher(output.text()).find();
  }

  private static Failure of(
      Tool tool,
      String doing,
      ProcessResult result,
      ToolOutput output,
      List<String> blockers,
      Kind otherwise) {
    String complaint = complaint(output, result);
    String ended = doing + " failed: " + tool.name() + " " + end(result.status());
    String log = ShellWords.quote(result.log().toString());
    if (output.count() == 0 && result.status() > SIGNAL) {
      return Failure.failed(
              ended + (complaint.isEmpty() ? "" : ", after: " + complaint),
              bySignal(result.status() - SIGNAL, log))
          .causedBy(new PassingTrouble("the program was ended by a signal"));
    }
    for (Known known : KNOWN) {
      if (known.complaint().matcher(complaint).find()) {
        String means = known.means().isEmpty() ? "" : " (" + known.means() + ")";
        String who = blockers.isEmpty() ? "" : "; " + String.join("; ", blockers);
        return make(known, ended + ": " + complaint + means + who, log);
      }
    }
    String message = ended + (complaint.isEmpty() ? " and said nothing" : ": " + complaint);
    return otherwise == Kind.FINDINGS
        ? Failure.findings(
            message + " (the archive is damaged)", ANOTHER + "; its whole output: " + log)
        : Failure.failed(message, "read all of what it printed: less " + log);
  }

  private static Failure make(Known known, String message, String log) {
    String hint = known.hint() + "; its whole output: " + log;
    return switch (known.kind()) {
      case FINDINGS -> Failure.findings(message, hint);
      case UNAVAILABLE -> Failure.unavailable(message, hint);
      case FAILED -> Failure.failed(message, hint);
      case PASSING -> Failure.failed(message, hint).causedBy(new PassingTrouble(known.means()));
    };
  }

  private static String bySignal(int signal, String log) {
    return switch (signal) {
      case 9 -> "see whether the machine ran out of memory: dmesg | grep -i oom, then run it again";
      case 25 -> "raise the limit of file sizes: ulimit -f unlimited, then run it again";
      default -> "run it again; its whole output: " + log;
    };
  }

  private static String end(int status) {
    if (status > SIGNAL && status < SIGNAL + 65) {
      int signal = status - SIGNAL;
      String name = SIGNALS.get(signal);
      return "was ended by signal " + signal + (name == null ? "" : " (" + name + ")");
    }
    return "ended with " + status;
  }

  /** Its errors, or where it had none its last words. The first error is mostly the cause. */
  private static String complaint(ToolOutput output, ProcessResult result) {
    if (output.errors().isEmpty()) {
      List<String> words = result.tail().lines().filter(line -> !line.isBlank()).toList();
      return cut(String.join("; ", words.subList(Math.max(0, words.size() - 3), words.size())));
    }
    List<String> first = output.errors().subList(0, Math.min(3, output.errors().size()));
    StringBuilder text = new StringBuilder();
    for (String error : first) {
      text.append(text.isEmpty() ? "" : "; ").append(shortened(error));
    }
    int more = output.count() - first.size();
    if (more > 0) {
      text.append("; and ").append(Units.count(more, "more error", "more errors"));
    }
    return cut(text.toString());
  }

  /** The statement that takes every lock at once names every table. */
  private static String shortened(String error) {
    Matcher locking = LOCKING.matcher(error);
    return error.length() > LONGEST / 2 && locking.find()
        ? cut(error.substring(0, Math.min(error.length(), LONGEST / 2)))
        : error;
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
