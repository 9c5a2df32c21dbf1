package dev.belay.pgtools;

import dev.belay.core.Failure;
import dev.belay.core.Together;
import dev.belay.process.ProcessCall;
import dev.belay.process.ProcessResult;
import dev.belay.process.ProcessRunner;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Gives an archive to {@code pg_restore}: a folder by name, an encrypted file decrypted. */
final class ArchiveReading {
  private static final int CHUNK = 1 << 17;

  private final ProcessRunner runner;
  private final DumpArchive archive;
  private final Path log;
  private final AtomicLong bytesRead = new AtomicLong();

  ArchiveReading(ProcessRunner runner, DumpArchive archive, Path log) {
    this.runner = runner;
    this.archive = archive;
    this.log = log;
  }

  /** The last arguments of pg_restore. */
  static List<String> arguments(DumpArchive archive) {
    return archive.identity().isPresent()
        ? List.of("--format=custom")
        // An absolute path cannot be taken for an option.
        : List.of("--format=directory", archive.path().toAbsolutePath().toString());
  }

  /** How much plain content was handed over, for the watchdog. */
  long bytesRead() {
    return bytesRead.get();
  }

  /** Runs a pg_restore that ends with {@link #arguments}. */
  ProcessResult feed(ProcessCall call) {
    Optional<Identity> identity = archive.identity();
    return identity.isPresent()
        ? runner.write(call, input -> decrypt(identity.get(), input))
        : runner.run(call);
  }

  private void decrypt(Identity identity, OutputStream input) throws IOException {
    byte[] chunk = new byte[CHUNK];
    EncryptedFile file = new EncryptedFile(archive.path());
    try (InputStream content = file.open(identity)) {
      for (int read = next(content, chunk); read >= 0; read = next(content, chunk)) {
        input.write(chunk, 0, read);
        bytesRead.addAndGet(read);
      }
    }
  }

  /** An error here is one of the file, an error in writing one of the program. */
  private int next(InputStream content, byte[] chunk) {
    try {
      return content.read(chunk);
    } catch (IOException damaged) {
      throw damaged("it cannot be decrypted to its end").causedBy(damaged);
    }
  }

  private Failure damaged(String why) {
    return Failure.findings(
        "the archive " + archive.path() + " is damaged: " + why,
        "choose another backup: belay list-backups");
  }

  /** Reads every byte through pg_restore, with several programs where the archive is a folder. */
  void readAll(Tool tool, int jobs, Duration stallTimeout) {
    if (archive.identity().isPresent()) {
      run(tool, List.of("--file=/dev/null"), stallTimeout, this::feed);
      return;
    }
    List<RestoreList> shares =
        jobs > 1 ? shares(tool, jobs, stallTimeout) : List.of(RestoreList.everything());
    if (shares.size() == 1) {
      readShare(tool, shares.get(0), stallTimeout);
    } else {
      Together.run(
          "reading the archive",
          shares.stream()
              .<Runnable>map(
                  share ->
                      () ->
                          new ArchiveReading(runner, archive, log)
                              .readShare(tool, share, stallTimeout))
              .toList());
    }
  }

  private List<RestoreList> shares(Tool tool, int jobs, Duration stallTimeout) {
    try {
      return ReadingShares.of(contents(tool, stallTimeout), archive.path(), jobs);
    } catch (IOException unreadable) {
      throw damaged("its folder cannot be read").causedBy(unreadable);
    }
  }

  private void readShare(Tool tool, RestoreList share, Duration stallTimeout) {
    try (RestoreList.Written list = share.write()) {
      List<String> what = new ArrayList<>(list.arguments());
      // Through a pipe, so that a table that takes an hour is seen to get on.
      what.add("--file=-");
      run(tool, what, stallTimeout, call -> runner.read(call, this::discard));
    }
  }

  private void discard(InputStream output) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int read = output.read(chunk); read >= 0; read = output.read(chunk)) {
      bytesRead.addAndGet(read);
    }
  }

  /** Reads the table of contents. */
  Contents contents(Tool tool, Duration stallTimeout) {
    Path list = temporary();
    try {
      run(tool, List.of("--list", "--file=" + list), stallTimeout, this::feed);
      List<String> lines = lines(list);
      if (lines.isEmpty()) {
        throw Failure.failed(
            tool + " ended as if all were well, but listed nothing",
            "see whether it is the real program: "
                + ShellWords.quote(tool.path().toString())
                + " --version");
      }
      return Contents.parse(lines);
    } finally {
      list.toFile().delete();
    }
  }

  private void run(
      Tool tool,
      List<String> what,
      Duration stallTimeout,
      Function<ProcessCall, ProcessResult> way) {
    check();
    List<String> command = new ArrayList<>();
    command.add(tool.path().toString());
    command.addAll(what);
    command.addAll(arguments(archive));
    long from = ToolOutput.position(log);
    ProcessResult result =
        way.apply(
            new ProcessCall(
                command,
                ToolEnvironment.with(Map.of(), Map.of()),
                ToolEnvironment.removed(),
                log,
                stallTimeout,
                () -> ToolOutput.position(log) + bytesRead()));
    if (!result.succeeded()) {
      throw ToolFailures.reading(
          tool, archive.path(), result, ToolOutput.read(log, from, none -> false));
    }
  }

  /**
   * Proves that it is there and that the identity opens it.
   *
   * @throws Failure UNAVAILABLE when not
   */
  void check() {
    if (!Files.isReadable(archive.path())) {
      throw Failure.unavailable(
          "cannot read the archive " + archive.path(),
          "look at it with: ls -la " + ShellWords.quote(archive.path().toString()));
    }
    archive.identity().ifPresent(new EncryptedFile(archive.path())::checkKey);
  }

  /** Names may be in any encoding: each byte is a character, and is written back as that byte. */
  private static List<String> lines(Path list) {
    try {
      return Files.readAllLines(list, StandardCharsets.ISO_8859_1);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempFile("belay-list", ".txt");
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
