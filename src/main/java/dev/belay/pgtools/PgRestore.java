package dev.belay.pgtools;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.LibpqEnvironment;
import dev.belay.postgres.ServerInfo;
import dev.belay.process.ProcessCall;
import dev.belay.process.ProcessResult;
import dev.belay.process.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Runs {@code pg_restore}. */
public final class PgRestore {
  /** pg_restore 17 and newer sets it, and older servers do not know it. */
  private static final int TRANSACTION_TIMEOUT_SINCE = 17;

  private static final Predicate<String> HARMLESS =
      Pattern.compile("unrecognized configuration parameter \"transaction_timeout\"").asPredicate();

  /** In kB, for all sessions together. */
  private static final long MAINTENANCE = 512 * 1024;

  private final Databases databases;
  private final ProcessRunner runner = new ProcessRunner();

  /**
   * @param databases for what the target's user may, and a look at the server while the program is
   *     silent
   */
  public PgRestore(Databases databases) {
    this.databases = databases;
  }

  /**
   * Restores. In place, a failure leaves the target as it was; elsewhere it may hold a part.
   *
   * @throws Failure UNAVAILABLE when the server does not let it in or no key fits, FINDINGS when
   *     the archive is damaged, FAILED when it ends in another error or stalls
   */
  public RestoreResult restore(RestoreRequest request) {
    boolean inPlace = request.manner() == RestoreRequest.Manner.IN_PLACE;
    boolean tolerant =
        request.tool().major() >= TRANSACTION_TIMEOUT_SINCE
            && request.server().major() < TRANSACTION_TIMEOUT_SINCE;
    if (inPlace) {
      refuseUnknownSettings(request.tool(), request.server());
    }
    String name = RunSessions.name(request.run(), request.tool().name());
    ArchiveReading archive = new ArchiveReading(runner, request.archive(), request.log());
    archive.check();
    Facts facts = facts(request);
    RestoreList list = list(request, archive, facts);
    long from = ToolOutput.position(request.log());
    try (RestoreList.Written written = list.write();
        ToolSessions sessions =
            ToolSessions.watch(databases, request.target(), name, request.stallTimeout())) {
      ProcessCall call =
          new ProcessCall(
              command(request, tolerant, written.arguments()),
              environment(request, facts, name),
              ToolEnvironment.removed(),
              request.log(),
              request.stallTimeout(),
              new Advance(request.log(), sessions, archive::bytesRead, bytes -> {}));
      ProcessResult result;
      try {
        result = archive.feed(Speakable.check(call));
      } catch (Failure failure) {
        sessions.end();
        throw failure;
      }
      ToolOutput output = ToolOutput.read(request.log(), from, tolerant ? HARMLESS : none -> false);
      if (!result.succeeded() && !(tolerant && isHarmless(result, output))) {
        sessions.end();
        throw ToolFailures.of(
            request.tool(), "the restore into", request.target(), result, output, List.of());
      }
      return new RestoreResult(
          result.duration(), list.leftOut(), result.succeeded() ? List.of() : output.errors());
    }
  }

  /** In one transaction no statement may fail, and a newer tool sets what the server lacks. */
  static void refuseUnknownSettings(Tool tool, ServerInfo server) {
    if (tool.major() >= TRANSACTION_TIMEOUT_SINCE && server.major() < TRANSACTION_TIMEOUT_SINCE) {
      throw Failure.unavailable(
          tool
              + " cannot restore in one transaction into a server of version "
              + server.version()
              + ", which does not know transaction_timeout",
          "install the server's own: " + InstallHint.command(server.major()));
    }
  }

  private static RestoreList list(RestoreRequest request, ArchiveReading archive, Facts facts) {
    boolean part = request.manner() == RestoreRequest.Manner.PART_IN_SCRATCH;
    boolean scratch = part || request.manner() == RestoreRequest.Manner.SCRATCH;
    boolean inPlace = request.manner() == RestoreRequest.Manner.IN_PLACE;
    if (facts.superuser() && !scratch && !inPlace) {
      return RestoreList.everything();
    }
    RestoreList list =
        RestoreList.of(
            archive.contents(request.tool(), request.stallTimeout()),
            scratch,
            facts.superuser(),
            facts.ownsPublic(),
            inPlace ? facts.extensions() : Set.of());
    list = part ? list.ofPart() : list;
    list = request.only().isEmpty() ? list : list.withRowsOf(request.only());
    return inPlace ? list.forCleaning() : list;
  }

  /** It ended with 1 for errors that it counted itself, and each of them is of no consequence. */
  private static boolean isHarmless(ProcessResult result, ToolOutput output) {
    return result.status() == 1
        && output.count() > 0
        && output.unlike() == 0
        && result.tail().contains("errors ignored on restore: ");
  }

  /**
   * Proves that pg_restore can read every byte of the archive. It does not see a table whose file
   * was emptied: that is for the checksums to find.
   *
   * @param jobs how many programs read at a time; an encrypted one is read by one
   * @throws Failure FINDINGS when it cannot, in words; UNAVAILABLE when no key fits
   */
  public void readable(DumpArchive archive, Tool tool, Path log, int jobs, Duration stallTimeout) {
    new ArchiveReading(runner, archive, log).readAll(tool, jobs, stallTimeout);
  }

  /**
   * What is in the archive. Reads its beginning only.
   *
   * @throws Failure FINDINGS when it cannot be read; UNAVAILABLE when no key fits
   */
  public Contents contents(DumpArchive archive, Tool tool, Path log, Duration stallTimeout) {
    return new ArchiveReading(runner, archive, log).contents(tool, stallTimeout);
  }

  /**
   * What the target's user may and may not, and how much memory a session may take, in kB; 0: leave
   * it.
   */
  private record Facts(
      boolean superuser, boolean ownsPublic, Set<String> extensions, long maintenance) {}

  private Facts facts(RestoreRequest request) {
    try (Database database = databases.open(request.target())) {
      long share =
          Math.min(MAINTENANCE, SessionQueries.bufferKilobytes(database))
              / Math.max(1, sessions(request));
      return new Facts(
          SessionQueries.isSuperuser(database),
          SessionQueries.ownsPublic(database),
          SessionQueries.extensionsOfOthers(database),
          share > SessionQueries.maintenanceKilobytes(database) ? share : 0);
    }
  }

  private static int sessions(RestoreRequest request) {
    boolean one =
        request.manner() == RestoreRequest.Manner.IN_PLACE
            || request.archive().identity().isPresent();
    return one ? 1 : Math.max(1, request.jobs());
  }

  private static List<String> command(RestoreRequest request, boolean tolerant, List<String> list) {
    List<String> command = new ArrayList<>();
    command.add(request.tool().path().toString());
    command.add("--dbname=" + LibpqEnvironment.databaseArgument(request.target()));
    command.addAll(List.of("--no-password", "--verbose"));
    command.addAll(list);
    if (!tolerant) {
      command.add("--exit-on-error");
    }
    if (request.manner() == RestoreRequest.Manner.IN_PLACE) {
      command.addAll(List.of("--clean", "--if-exists", "--single-transaction"));
    } else if (sessions(request) > 1) {
      command.add("--jobs=" + sessions(request));
    }
    command.addAll(ArchiveReading.arguments(request.archive()));
    return command;
  }

  private static Map<String, String> environment(RestoreRequest request, Facts facts, String name) {
    Target target = request.target();
    Map<String, String> libpq = LibpqEnvironment.of(target, name, request.server());
    StringBuilder options = new StringBuilder(libpq.getOrDefault("PGOPTIONS", ""));
    if (facts.maintenance() > 0) {
      options.append(" -c maintenance_work_mem=").append(facts.maintenance());
    }
    if (request.manner() != RestoreRequest.Manner.IN_PLACE) {
      // What makes the database the live one is a later commit, which waits for all before it.
      options.append(" -c synchronous_commit=off");
    }
    return ToolEnvironment.with(libpq, Map.of("PGOPTIONS", options.toString()));
  }
}
