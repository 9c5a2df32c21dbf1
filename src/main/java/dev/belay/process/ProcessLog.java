package dev.belay.process;

import dev.belay.core.Failure;
import dev.belay.report.TextTable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What one program printed, at the end of a log that others may have written to before. */
final class ProcessLog {
  private static final int TAIL_BYTES = 4096;

  private final Path file;
  private final long begin;

  private ProcessLog(Path file, long begin) {
    this.file = file;
    this.begin = begin;
  }

  /**
   * Writes the command line to the log, which is created with mode 0600.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  static ProcessLog open(ProcessCall call) {
    try {
      create(call.log());
      Files.writeString(call.log(), Instant.now() + " $ " + call + "\n", StandardOpenOption.APPEND);
      return new ProcessLog(call.log(), Files.size(call.log()));
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot write the log " + call.log() + ": " + reason(cannot),
              "make the folder "
                  + ShellWords.quote(String.valueOf(call.log().toAbsolutePath().getParent()))
                  + " writable, with free space")
          .causedBy(cannot);
    }
  }

  private static void create(Path file) throws IOException {
    try {
      FileAttribute<?> mode =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      Files.createFile(file, mode);
    } catch (FileAlreadyExistsException there) {
      // It is written to at its end.
    }
  }

  private static String reason(IOException cannot) {
    return switch (cannot.getClass().getSimpleName()) {
      case "NoSuchFileException" -> "its folder is not there";
      case "AccessDeniedException" -> "permission denied";
      default -> String.valueOf(cannot.getMessage());
    };
  }

  /** The last whole lines that the program printed, with control characters made visible. */
  String tail() {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(begin, log.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) Math.max(0, log.length() - from)];
      log.seek(from);
      log.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      boolean cut = from > begin && lines.size() > 1;
      return (cut ? lines.subList(1, lines.size()) : lines)
          .stream().map(TextTable::visible).collect(Collectors.joining("\n"));
    } catch (IOException unreadable) {
      return "";
    }
  }
}
