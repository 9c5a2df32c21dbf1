package dev.belay.monitor;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.process.ShellWords;
import dev.belay.report.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file of samples: JSON, one object in each line, readable at any moment and after any crash. It
 * does not grow without end: after a day's samples at one second only every second one is kept,
 * after as many again every fourth, and so on.
 */
public final class MonitorFile implements AutoCloseable {
  static final String SUFFIX = ".jsonl";
  static final String SUMMARY_SUFFIX = ".json";

  /** So many samples are kept before they are thinned out: a day at one second. */
  static final int BEFORE_THINNING = 86_400;

  private static final int SCHEMA = 1;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final Map<String, Class<? extends MonitorLine>> KINDS =
      Map.of(
          "begin", MonitorLine.Begin.class,
          "sample", MonitorLine.Sample.class,
          "mark", MonitorLine.Mark.class,
          "end", MonitorLine.End.class);

  private final Path file;
  private final FileChannel channel;
  private final int beforeThinning;
  private long stride = 1;
  private long seen;
  private int keptOfStride;

  private MonitorFile(Path file, FileChannel channel, int beforeThinning) {
    this.file = file;
    this.channel = channel;
    this.beforeThinning = beforeThinning;
  }

  /**
   * Makes a new one, with mode 0600 in a folder with mode 0700.
   *
   * @param command such as {@code migrate}
   */
  static MonitorFile create(Path folder, String command, Instant at, RunId run) throws IOException {
    return create(folder, command, at, run, BEFORE_THINNING);
  }

  static MonitorFile create(Path folder, String command, Instant at, RunId run, int beforeThinning)
      throws IOException {
    DurableFiles.createFolders(folder);
    String word = command.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-");
    String base = word + "_" + STAMP.format(at) + "_" + run;
    for (int number = 1; ; number++) {
      Path file = folder.resolve(base + (number == 1 ? "" : "_" + number) + SUFFIX);
      try {
        FileChannel channel =
            FileChannel.open(
                file,
                Set.of(
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return new MonitorFile(file, channel, beforeThinning);
      } catch (FileAlreadyExistsException taken) {
        if (number >= 1000) {
          throw taken;
        }
      }
    }
  }

  static int schema() {
    return SCHEMA;
  }

  /** Where it is. */
  Path path() {
    return file;
  }

  /** Adds a line, in one write. */
  synchronized void write(MonitorLine line) throws IOException {
    if (line instanceof MonitorLine.Sample && !isKept()) {
      return;
    }
    ObjectNode tree = Json.MAPPER.createObjectNode();
    tree.put("type", kind(line));
    tree.setAll((ObjectNode) Json.MAPPER.valueToTree(line));
    ByteBuffer bytes =
        ByteBuffer.wrap(
            (Json.MAPPER.writeValueAsString(tree) + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private boolean isKept() {
    boolean kept = seen++ % stride == 0;
    if (kept && ++keptOfStride > beforeThinning) {
      stride *= 2;
      keptOfStride = 1;
    }
    return kept;
  }

  /** Ends it, on the disk, with the summary in a file of its own beside it. */
  synchronized void end(MonitorLine.End end) throws IOException {
    write(end);
    channel.force(true);
    String name = String.valueOf(file.getFileName());
    DurableFiles.writeNew(
        file.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + SUMMARY_SUFFIX),
        (Json.pretty(end.summary()) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String kind(MonitorLine line) {
    return line.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /**
   * Hands over the lines one after the other, in constant memory. A torn last line, which a killed
   * program leaves, is passed over, and so are lines of kinds that a later version has.
   *
   * @throws Failure UNAVAILABLE when it cannot be read, FINDINGS when another line is damaged
   */
  public static void read(Path file, Consumer<MonitorLine> reader) {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      for (long number = 1; line != null; number++) {
        String next = lines.readLine();
        MonitorLine read = parsed(file, line, number, next == null);
        if (read != null) {
          reader.accept(read);
        }
        line = next;
      }
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot read %s: %s"
                  .formatted(
                      file,
                      cannot instanceof NoSuchFileException
                          ? "it is not there"
                          : String.valueOf(cannot.getMessage())),
              "see what is there with: ls -l " + ShellWords.quote(String.valueOf(file.getParent())))
          .causedBy(cannot);
    }
  }

  /** Null: it is torn, or of a kind that is not known. */
  private static @Nullable MonitorLine parsed(Path file, String line, long number, boolean last) {
    try {
      JsonNode tree = Json.MAPPER.readTree(line);
      Class<? extends MonitorLine> kind = KINDS.get(tree.path("type").asString(""));
      return kind == null ? null : Json.MAPPER.treeToValue(tree, kind);
    } catch (JacksonException torn) {
      if (last) {
        return null;
      }
      throw Failure.findings(
              "line %d of %s is damaged".formatted(number, file),
              "look at it with: sed -n %dp %s".formatted(number, ShellWords.quote(file.toString())))
          .causedBy(torn);
    }
  }

  /** The files of a run in that folder; empty when there are none. */
  public static List<Path> of(Path folder, RunId run) {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).endsWith(SUFFIX))
          .filter(file -> String.valueOf(file.getFileName()).contains("_" + run))
          .sorted()
          .toList();
    } catch (IOException none) {
      return List.of();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
