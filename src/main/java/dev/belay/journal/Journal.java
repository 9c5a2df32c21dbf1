package dev.belay.journal;

import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.LoggerFactory;

/**
 * What one run has done so far, one JSON line per step, each on the disk before the step's
 * consequences are. May be used by several threads.
 */
public final class Journal implements AutoCloseable {
  static final String SUFFIX = ".jsonl";

  /** The fact of a step that says what to do when the run was killed at it, as a sentence. */
  public static final String HINT = "hint";

  /**
   * The fact of a step that names the script that runs in no transaction from there on, so that it
   * may be half done, and nobody says so, when the run comes to no good end. Empty: Flyway's table
   * tells of all that was begun before.
   */
  public static final String OUTSIDE = "outsideTransaction";

  /** The fact beside it: whose script that is. */
  public static final String APP = "app";

  /** The fact beside it: the highest rank in Flyway's table before, with which it has no row. */
  public static final String AFTER_RANK = "afterRank";

  /** The step at which another database is about to take the live one's place. */
  public static final String SWAP_BEGUN = "swap-begun";

  /** Its fact: the name that the live database gets. */
  public static final String REPLACED = "replaced";

  /** Its fact: the name that the other database has until then. */
  public static final String REPLACEMENT = "replacement";

  /** The step at which another database has taken the live one's place. */
  public static final String SWAPPED = "swap-renamed";

  /** The step at which a backup is about to be restored into the live database. */
  public static final String IN_PLACE = "in-place";

  /** The step at which that was committed. */
  public static final String RESTORED_IN_PLACE = "in-place-restored";

  /** The step at which a restored database has got the name of one that there was not. */
  public static final String INSTALLED = "installed";

  /** The fact of a step that names the database that it is about. */
  public static final String DATABASE = "database";

  /**
   * The fact of a step that restores: the moment that the backup shows, where it is one of this
   * database.
   */
  public static final String TAKEN_AT = "takenAt";

  /** The steps from which on the live database may be another. */
  static final Set<String> REPLACING = Set.of(SWAP_BEGUN, IN_PLACE, INSTALLED);

  /** The outcome of a run that did what it was asked for. */
  public static final String OK = "ok";

  /** The outcome of a run that left something. */
  public static final String INCOMPLETE = "incomplete";

  /** The outcome of a run that left nothing: all is as it was before. */
  static final String FAILED = "failed";

  static final String OUTCOME = "outcome";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

  private final Path file;
  private final FileChannel channel;
  private final UnaryOperator<String> toPaste;
  private boolean ended;

  private Journal(Path file, FileChannel channel, UnaryOperator<String> toPaste) {
    this.file = file;
    this.channel = channel;
    this.toPaste = toPaste;
  }

  /**
   * Begins the journal of a run in a new file with mode 0600.
   *
   * @param folder made with mode 0700 when it is not there
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public static Journal begin(Path folder, RunId run, String command, String target) {
    return begin(folder, run, command, target, UnaryOperator.identity());
  }

  /**
   * Begins the journal of a run whose hints are read by others, perhaps with another configuration.
   *
   * @param folder made with mode 0700 when it is not there
   * @param toPaste gives for a hint the one that is written, whose commands are for this database
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public static Journal begin(
      Path folder, RunId run, String command, String target, UnaryOperator<String> toPaste) {
    Path file = folder.resolve(STAMP.format(Instant.now()) + "_" + run + SUFFIX);
    try {
      Files.createDirectories(folder, mode("rwx------"));
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              mode("rw-------"));
      Journal journal = new Journal(file, channel, toPaste);
      journal.line(JournalHeader.here(run, command, target));
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
      return journal;
    } catch (IOException cannot) {
      throw unwritable(file, cannot);
    }
  }

  /**
   * Writes down a step; it is on the disk when this returns.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public void step(String step, Map<String, String> facts) {
    try {
      line(new JournalEntry(Instant.now(), step, worded(facts)));
    } catch (IOException cannot) {
      throw unwritable(file, cannot);
    }
  }

  private Map<String, String> worded(Map<String, String> facts) {
    if (!facts.containsKey(HINT)) {
      return facts;
    }
    Map<String, String> worded = new LinkedHashMap<>(facts);
    worded.computeIfPresent(HINT, (name, hint) -> toPaste.apply(hint));
    return worded;
  }

  /** Writes down a step that needs no facts. */
  public void step(String step) {
    step(step, Map.of());
  }

  /**
   * The run has come to its end: nothing is left to put right. Never fails, since what was done is
   * done: an open journal of a dead process is only looked at once more.
   */
  public synchronized void end(String outcome) {
    if (!ended) {
      ended = true;
      try {
        line(new JournalEntry(Instant.now(), JournalEntry.ENDED, Map.of(OUTCOME, outcome)));
      } catch (IOException unwritable) {
        LoggerFactory.getLogger(Journal.class).warn("cannot end {}", file, unwritable);
      }
    }
  }

  /**
   * The run ends here and leaves something that a person, or the next run, has to put right: its
   * journal stays open.
   */
  public synchronized void leaveOpen() {
    ended = true;
  }

  /** Ends the run as one that failed and left nothing behind, unless it was ended before. */
  @Override
  public synchronized void close() {
    try (channel) {
      end(FAILED);
    } catch (IOException cannot) {
      // Every line was forced to the disk when it was written.
    }
  }

  private synchronized void line(Object value) throws IOException {
    write(channel, value);
  }

  static void write(FileChannel channel, Object value) throws IOException {
    String line = Json.MAPPER.writeValueAsString(value) + "\n";
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }

  static Failure unwritable(Path file, IOException cannot) {
    return Failure.unavailable(
            "cannot write the journal " + file + ": " + cannot,
            "free disk space, or name a folder that you may write to in folders.journal")
        .causedBy(cannot);
  }

  /** Whether that is the journal of a run: the audit trail lies in the same folder. */
  static boolean isOne(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(SUFFIX) && !name.equals(AuditTrail.NAME);
  }

  static FileAttribute<Set<PosixFilePermission>> mode(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }
}
