package dev.belay.pgtools;

import dev.belay.core.Failure;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Databases;
import dev.belay.postgres.LibpqEnvironment;
import dev.belay.process.ProcessCall;
import dev.belay.process.ProcessResult;
import dev.belay.process.ProcessRunner;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Runs {@code pg_dump}. */
public final class PgDump {
  private static final byte[] MAGIC = "PGDMP".getBytes(StandardCharsets.US_ASCII);
  private static final int CHUNK = 1 << 17;

  /** What pg_dump compressed itself: zstd only frames it, and must not cost. */
  private static final int FRAME_LEVEL = -7;

  private final Databases databases;
  private final ProcessRunner runner = new ProcessRunner();

  /**
   * @param databases for a look at the server while the program is silent
   */
  public PgDump(Databases databases) {
    this.databases = databases;
  }

  /**
   * Dumps. When it fails, what was written is the caller's to remove.
   *
   * @param bytesWritten is told how many bytes there are so far, now and then
   * @throws Failure USAGE when the tool does not have the codec, REFUSED when something is at the
   *     output already, FINDINGS when the database itself is damaged, UNAVAILABLE when the server
   *     does not let it in, FAILED when it ends in another error or stalls
   */
  public DumpResult run(DumpRequest request, LongConsumer bytesWritten) {
    if (Files.exists(request.output(), LinkOption.NOFOLLOW_LINKS)) {
      throw taken(request.output());
    }
    return request.recipients().isEmpty()
        ? plain(request, bytesWritten)
        : encrypted(request, bytesWritten);
  }

  private DumpResult plain(DumpRequest request, LongConsumer bytesWritten) {
    Compression compression = request.compression().forTool(request.tool());
    List<String> format = new ArrayList<>(List.of("--format=directory"));
    format.add("--jobs=" + Math.max(1, request.jobs()));
    format.addAll(compression.arguments(request.tool()));
    format.add("--file=" + request.output());
    ProcessResult result =
        watched(
            request, format, () -> Output.of(request.output()).bytes(), bytesWritten, runner::run);
    if (!startsAsArchive(request.output().resolve("toc.dat"))) {
      throw empty(request);
    }
    Output output = closed(request);
    bytesWritten.accept(output.bytes());
    return new DumpResult(
        request.tool(),
        compression,
        output.bytes(),
        output.files(),
        Optional.empty(),
        result.duration());
  }

  private DumpResult encrypted(DumpRequest request, LongConsumer bytesWritten) {
    Compression compression = request.compression().forEncrypted(request.tool());
    boolean zstd = compression.codec() == Compression.Codec.ZSTD;
    Compression own =
        zstd ? new Compression(Compression.Codec.NONE, compression.level()) : compression;
    List<String> format = new ArrayList<>(List.of("--format=custom"));
    format.addAll(own.arguments(request.tool()));
    DigestChannel.Watch watch = new DigestChannel.Watch();
    int level = zstd ? compression.level().orElse(1) : FRAME_LEVEL;
    ProcessResult result =
        watched(
            request,
            format,
            watch::bytes,
            bytesWritten,
            call -> runner.read(call, dump -> encrypt(request, dump, level, watch)));
    bytesWritten.accept(watch.bytes());
    return new DumpResult(
        request.tool(),
        compression,
        watch.bytes(),
        1,
        Optional.of(watch.digest()),
        result.duration());
  }

  private static void encrypt(
      DumpRequest request, InputStream dump, int level, DigestChannel.Watch watch)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    byte[] head = dump.readNBytes(MAGIC.length);
    if (head.length == 0) {
      // Nothing came: the exit status says why, and no file was begun.
      return;
    }
    if (!Arrays.equals(head, MAGIC)) {
      throw empty(request);
    }
    try (OutputStream file =
        new EncryptedFile(request.output()).create(request.recipients(), level, watch)) {
      file.write(head);
      for (int read = dump.read(chunk); read >= 0; read = dump.read(chunk)) {
        file.write(chunk, 0, read);
      }
    } catch (FileAlreadyExistsException planted) {
      throw taken(request.output()).causedBy(planted);
    }
  }

  /** How the program is run. */
  private interface Way {
    ProcessResult run(ProcessCall call);
  }

  private ProcessResult watched(
      DumpRequest request,
      List<String> format,
      LongSupplier bytes,
      LongConsumer listener,
      Way way) {
    String name = RunSessions.name(request.run(), request.tool().name());
    long from = ToolOutput.position(request.log());
    try (ToolSessions sessions =
        ToolSessions.watch(databases, request.target(), name, request.stallTimeout())) {
      ProcessCall call =
          new ProcessCall(
              command(request, format),
              environment(request, name),
              ToolEnvironment.removed(),
              request.log(),
              request.stallTimeout(),
              new Advance(request.log(), sessions, bytes, listener));
      ProcessResult result = orEnd(sessions, () -> way.run(Speakable.check(call)));
      if (!result.succeeded()) {
        ToolOutput output = ToolOutput.read(request.log(), from, none -> false);
        List<String> blockers = ToolFailures.isAboutLock(output) ? sessions.blockers() : List.of();
        sessions.end();
        throw ToolFailures.of(
            request.tool(), "the dump of", request.target(), result, output, blockers);
      }
      if (!request.recipients().isEmpty() && !Files.exists(request.output())) {
        throw empty(request);
      }
      return result;
    }
  }

  private static ProcessResult orEnd(ToolSessions sessions, Supplier<ProcessResult> work) {
    try {
      return work.get();
    } catch (Failure failure) {
      sessions.end();
      throw failure;
    }
  }

  private static List<String> command(DumpRequest request, List<String> format) {
    List<String> command = new ArrayList<>();
    command.add(request.tool().path().toString());
    command.addAll(format);
    command.add("--snapshot=" + request.snapshot());
    command.addAll(request.selection().arguments());
    // The caller forces to disk what it publishes; never is a password asked for.
    command.addAll(List.of("--no-sync", "--no-password", "--lock-wait-timeout=30s", "--verbose"));
    return command;
  }

  private static Map<String, String> environment(DumpRequest request, String name) {
    Map<String, String> libpq =
        LibpqEnvironment.of(request.target(), name, request.server(), request.pooler());
    return request.selection().needsEncoding()
        ? ToolEnvironment.with(libpq, Map.of("PGCLIENTENCODING", "UTF8"))
        : ToolEnvironment.with(libpq, Map.of());
  }

  private static Output closed(DumpRequest request) {
    try {
      return Output.close(request.output());
    } catch (IOException cannot) {
      throw Failure.failed(
              "the files in " + request.output() + " could not be closed to others: " + cannot,
              "look at it with: ls -la " + ShellWords.quote(request.output().toString()))
          .causedBy(cannot);
    }
  }

  private static boolean startsAsArchive(Path file) {
    try (InputStream archive = Files.newInputStream(file)) {
      return Arrays.equals(archive.readNBytes(MAGIC.length), MAGIC);
    } catch (IOException missing) {
      return false;
    }
  }

  private static Failure empty(DumpRequest request) {
    return Failure.failed(
        request.tool() + " ended as if all were well, but what it wrote is no archive",
        "see whether it is the real program: "
            + ShellWords.quote(request.tool().path().toString())
            + " --version; its whole output: "
            + ShellWords.quote(request.log().toString()));
  }

  private static Failure taken(Path output) {
    return Failure.refused(
        "there is something at " + output + " already; it was not touched",
        "look at it with: ls -la " + ShellWords.quote(output.toString()));
  }
}
