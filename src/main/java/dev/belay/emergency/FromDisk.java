package dev.belay.emergency;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.archive.BackupStore;
import dev.belay.archive.StoredBackup;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.journal.AuditRecord;
import dev.belay.journal.AuditTrail;
import dev.belay.journal.UnfinishedRun;
import dev.belay.postgres.SqlState;
import dev.belay.process.ShellWords;
import dev.belay.report.ToPaste;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known without the server.
 *
 * @param backups the newest, each on one line
 * @param unfinished runs that were killed, and journals that cannot be read
 * @param operations what was done last, as the audit trail has it, the newest first
 * @param log the last warnings and errors of {@code belay.log}
 * @param look commands that tell more
 */
public record FromDisk(
    @ToPaste List<String> backups,
    List<String> unfinished,
    List<String> operations,
    List<String> log,
    @ToPaste List<String> look) {
  private static final int SHOWN = 5;
  private static final int TAIL_BYTES = 64_000;

  public FromDisk {
    backups = List.copyOf(backups);
    unfinished = List.copyOf(unfinished);
    operations = List.copyOf(operations);
    log = List.copyOf(log);
    look = List.copyOf(look);
  }

  /** Looks. What cannot be read is said in its place. */
  static FromDisk look(Settings settings) {
    return new FromDisk(
        read(list -> backups(settings, list)),
        read(list -> unfinished(settings, list)),
        read(list -> operations(settings, list)),
        log(settings.logFile()),
        List.of());
  }

  /**
   * The same with commands that tell more.
   *
   * @param unreachable why the database cannot be reached; empty: it can
   */
  FromDisk looking(Settings settings, Optional<Failure> unreachable) {
    return new FromDisk(
        backups,
        unfinished,
        operations,
        log,
        unreachable.map(why -> commands(settings, why)).orElse(List.of()));
  }

  /** The same, in which what is to be pasted is for the database of this run. */
  FromDisk with(Again again) {
    return new FromDisk(
        backups, unfinished, operations, log, look.stream().map(again::command).toList());
  }

  private static List<String> read(Consumer<List<String>> reader) {
    List<String> lines = new ArrayList<>();
    try {
      reader.accept(lines);
    } catch (Failure unreadable) {
      lines.add("cannot be read: " + unreadable.message());
    }
    return lines;
  }

  private static void backups(Settings settings, List<String> lines) {
    List<StoredBackup> all = new BackupStore(settings.folders().backups()).list();
    all.stream().limit(SHOWN).map(FromDisk::line).forEach(lines::add);
    if (all.size() > SHOWN) {
      lines.add("and %d more: belay list-backups".formatted(all.size() - SHOWN));
    }
  }

  private static String line(StoredBackup backup) {
    if (backup.problem().isPresent()) {
      return "%s: broken: %s".formatted(backup.id(), backup.problem().get());
    }
    return "%s of %s, %s%s"
        .formatted(
            backup.id(),
            backup.manifest().database().address(),
            backup.state().level(),
            backup.manifest().isComplete() ? "" : ", only a part");
  }

  private static void unfinished(Settings settings, List<String> lines) {
    for (UnfinishedRun run : UnfinishedRun.in(settings.folders().journal(), lines::add)) {
      String hint =
          run.facts(run.lastStep())
              .flatMap(facts -> Optional.ofNullable(facts.get("hint")))
              .map(next -> "; " + next)
              .orElse("");
      lines.add(
          "%s of %s, begun %s, was killed at the step '%s'%s"
              .formatted(
                  run.header().command(),
                  run.header().target(),
                  Units.moment(run.header().at()),
                  run.lastStep(),
                  hint));
    }
  }

  private static void operations(Settings settings, List<String> lines) {
    AuditTrail.in(settings.folders().journal())
        .backwards(
            record -> {
              if (record.event().equals(AuditRecord.BEGUN)
                  || record.event().equals(AuditRecord.ENDED)) {
                lines.add(line(record));
              }
              return lines.size() < SHOWN;
            });
  }

  private static String line(AuditRecord record) {
    return "%s %s %s by %s%s%s%s"
        .formatted(
            Units.moment(record.at()),
            record.command(),
            record.event(),
            record.user(),
            words(" on ", record.target()),
            words(": ", record.outcome()),
            words(", ", record.message()));
  }

  private static String words(String before, @Nullable String fact) {
    return fact == null ? "" : before + fact;
  }

  /** The log is long, and only its end is of interest. */
  private static List<String> log(Path file) {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      log.seek(Math.max(0, log.length() - TAIL_BYTES));
      byte[] bytes = new byte[(int) Math.min(TAIL_BYTES, log.length() - log.getFilePointer())];
      log.readFully(bytes);
      List<String> found =
          new String(bytes, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.contains(" - ERROR - ") || line.contains(" - WARN - "))
              .toList();
      return found.subList(Math.max(0, found.size() - SHOWN), found.size());
    } catch (IOException unreadable) {
      return List.of(file + " cannot be read: " + unreadable);
    }
  }

  private static List<String> commands(Settings settings, Failure why) {
    String host = ShellWords.quote(settings.target().host());
    int port = settings.target().port();
    List<String> commands = new ArrayList<>();
    if (SqlState.INVALID_PASSWORD.isOf(why) || SqlState.INVALID_AUTHORIZATION.isOf(why)) {
      commands.add("belay config");
      commands.add(ShellWords.psql("select 1"));
      return commands;
    }
    if (SqlState.INVALID_CATALOG_NAME.isOf(why)) {
      commands.add("psql --list");
      commands.add("belay list-replaced");
      return commands;
    }
    commands.add("pg_isready -h %s -p %d".formatted(host, port));
    commands.add("systemctl status 'postgresql*'");
    commands.add("journalctl -u 'postgresql*' --since -1h");
    commands.add("df -h");
    commands.add("pg_ctl status -D \"$PGDATA\"");
    return commands;
  }

  /** What is told of it where the database cannot be reached, or something was left unfinished. */
  @JsonIgnore
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("Known from the disk:");
    add(lines, "backup", backups, "there is no backup");
    add(lines, "run", unfinished, "no run was killed");
    add(lines, "done", operations, "nothing is on record");
    add(lines, "log", log, "no warning or error in belay.log");
    if (!look.isEmpty()) {
      lines.add("To find out more:");
      look.forEach(each -> lines.add("  " + each));
    }
    return lines;
  }

  private static void add(List<String> lines, String what, List<String> found, String none) {
    if (found.isEmpty()) {
      lines.add("  %-7s %s".formatted(what, none));
    }
    found.forEach(each -> lines.add("  %-7s %s".formatted(what, each)));
  }
}
