package dev.belay.pgtools;

import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.LibpqEnvironment;
import dev.belay.postgres.ServerInfo;
import dev.belay.process.ProcessCall;
import dev.belay.process.ProcessResult;
import dev.belay.process.ProcessRunner;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies tables with their indexes, constraints, triggers, owned sequences, grants and rows from
 * one database of a server into another, where they are not: {@code pg_dump | pg_restore}, one
 * transaction, nothing on the disk.
 */
public final class TableTransfer {
  private static final int CHUNK = 1 << 17;

  private final PostgresTools tools;
  private final Databases databases;
  private final ProcessRunner runner = new ProcessRunner();

  public TableTransfer(PostgresTools tools, Databases databases) {
    this.tools = tools;
    this.databases = databases;
  }

  /**
   * What is copied.
   *
   * @param tables exactly these; a partitioned table does not bring its partitions
   * @param log what the tools print is appended here
   * @param stallTimeout the tools are ended when they make no progress for so long; zero: never
   */
  public record Job(
      Target source,
      Target target,
      RunId run,
      List<TableName> tables,
      Path log,
      Duration stallTimeout) {
    public Job {
      tables = List.copyOf(tables);
    }
  }

  /**
   * Copies. A failure before the commit leaves the target as it was.
   *
   * @throws Failure UNAVAILABLE when a program is missing or is not let in, FAILED when one ends in
   *     an error or stalls
   */
  public void copy(Job job) {
    ServerInfo server;
    try (Database session = databases.open(job.source())) {
      server = ServerInfo.of(session);
    }
    Tool dump = tools.dumpFor(server);
    Tool restore = tools.restoreFor(dump.major(), server);
    PgRestore.refuseUnknownSettings(restore, server);
    DumpSelection selection = new DumpSelection(job.tables(), List.of());
    AtomicLong bytes = new AtomicLong();
    AtomicReference<@Nullable ProcessResult> restored = new AtomicReference<>();
    String dumpName = RunSessions.name(job.run(), dump.name());
    String restoreName = RunSessions.name(job.run(), restore.name());
    long from = ToolOutput.position(job.log());
    try (ToolSessions reading =
            ToolSessions.watch(databases, job.source(), dumpName, job.stallTimeout());
        ToolSessions writing =
            ToolSessions.watch(databases, job.target(), restoreName, job.stallTimeout())) {
      ProcessCall in =
          call(
              restoring(restore, job),
              environment(job.target(), restoreName, server, selection),
              job,
              new Advance(job.log(), writing, bytes::get, ignored -> {}));
      ProcessCall out =
          call(
              dumping(dump, selection),
              environment(job.source(), dumpName, server, selection),
              job,
              new Advance(job.log(), reading, bytes::get, ignored -> {}));
      ProcessResult dumped;
      try {
        dumped =
            runner.read(
                out,
                archive -> restored.set(runner.write(in, input -> pump(archive, input, bytes))));
      } catch (Failure failure) {
        writing.end();
        throw failure;
      }
      judge(job, dump, dumped, restore, restored.get(), from, writing);
    }
  }

  /**
   * Makes what tables need and a dump of them alone lacks: schemas, types, functions, extensions.
   * What cannot be made is left out, and {@code log} says so: whoever restores into it finds out
   * whether it was needed.
   */
  public void ground(Job job) {
    ServerInfo server;
    try (Database session = databases.open(job.source())) {
      server = ServerInfo.of(session);
    }
    Tool dump = tools.dumpFor(server);
    Tool restore = tools.restoreFor(dump.major(), server);
    AtomicLong bytes = new AtomicLong();
    runner.read(
        call(
            List.of(
                dump.path().toString(),
                "--format=custom",
                "--section=pre-data",
                "--exclude-table=*.*",
                "--no-password",
                "--lock-wait-timeout=30s"),
            environment(
                job.source(),
                RunSessions.name(job.run(), dump.name()),
                server,
                DumpSelection.WHOLE),
            job,
            bytes::get),
        archive ->
            runner.write(
                call(
                    List.of(
                        restore.path().toString(),
                        "--dbname=" + LibpqEnvironment.databaseArgument(job.target()),
                        "--no-password",
                        "--format=custom"),
                    environment(
                        job.target(),
                        RunSessions.name(job.run(), restore.name()),
                        server,
                        DumpSelection.WHOLE),
                    job,
                    bytes::get),
                input -> pump(archive, input, bytes)));
  }

  /** A dump that breaks is an archive that ends too early, of which pg_restore keeps nothing. */
  private static void judge(
      Job job,
      Tool dump,
      ProcessResult dumped,
      Tool restore,
      @Nullable ProcessResult restored,
      long from,
      ToolSessions writing) {
    ToolOutput output = ToolOutput.read(job.log(), from, none -> false);
    if (restored == null || !restored.succeeded()) {
      writing.end();
      if (restored == null || (!dumped.succeeded() && output.count() == 0)) {
        throw ToolFailures.of(dump, "reading", job.source(), dumped, output, List.of());
      }
      throw ToolFailures.of(restore, "the restore into", job.target(), restored, output, List.of());
    }
  }

  private static void pump(InputStream archive, OutputStream input, AtomicLong bytes)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int read = archive.read(chunk); read >= 0; read = archive.read(chunk)) {
      input.write(chunk, 0, read);
      bytes.addAndGet(read);
    }
  }

  private static ProcessCall call(
      List<String> command, Map<String, String> environment, Job job, LongSupplier advance) {
    return Speakable.check(
        new ProcessCall(
            command,
            environment,
            ToolEnvironment.removed(),
            job.log(),
            job.stallTimeout(),
            advance));
  }

  private static List<String> dumping(Tool tool, DumpSelection selection) {
    List<String> command = new ArrayList<>(List.of(tool.path().toString()));
    command.addAll(List.of("--format=custom", "--compress=0"));
    command.addAll(selection.arguments());
    command.addAll(List.of("--no-password", "--lock-wait-timeout=30s", "--verbose"));
    return command;
  }

  private static List<String> restoring(Tool tool, Job job) {
    return List.of(
        tool.path().toString(),
        "--dbname=" + LibpqEnvironment.databaseArgument(job.target()),
        "--no-password",
        "--verbose",
        "--exit-on-error",
        "--single-transaction",
        "--format=custom");
  }

  private static Map<String, String> environment(
      Target target, String name, ServerInfo server, DumpSelection selection) {
    Map<String, String> libpq = LibpqEnvironment.of(target, name, server);
    return ToolEnvironment.with(
        libpq, selection.needsEncoding() ? Map.of("PGCLIENTENCODING", "UTF8") : Map.of());
  }
}
