package dev.belay.archive;

import dev.belay.core.Fingerprint;
import dev.belay.core.RunId;
import dev.belay.core.TableName;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.MigrationHistory;
import dev.belay.integrity.Content;
import dev.belay.integrity.LargeObjects;
import dev.belay.postgres.DatabaseLocale;
import dev.belay.postgres.DatabaseSetting;
import dev.belay.swap.SavedProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Backups of a database that never was, made and published by the real code. */
public final class Backups {
  public static final Instant NOON = Instant.parse("2024-03-01T12:00:00Z");

  private final Path root;
  private String database = "orders";
  private String system = "7300000000000000001";
  private Optional<Selection> selection = Optional.empty();
  private List<String> scripts = List.of();
  private boolean pinned;
  private Optional<SavedProperties> properties = Optional.empty();

  /** Backups in that folder. */
  public Backups(Path root) {
    this.root = root;
  }

  /** The next ones are of that database. */
  public Backups of(String name) {
    database = name;
    return this;
  }

  /** The next ones are of the server with that system identifier. */
  public Backups server(String identifier) {
    system = identifier;
    return this;
  }

  /** The next ones hold only these tables. */
  public Backups only(String... patterns) {
    selection =
        patterns.length == 0
            ? Optional.empty()
            : Optional.of(new Selection(Optional.empty(), List.of(patterns)));
    return this;
  }

  /** In the next ones, these migrations of the app {@code default} are applied. */
  public Backups migrated(String... names) {
    scripts = List.of(names);
    return this;
  }

  /** The next ones have what belongs to the database itself. */
  public Backups withProperties() {
    properties =
        Optional.of(
            new SavedProperties(
                "pg_default",
                -1,
                false,
                Optional.of("precious"),
                Optional.empty(),
                List.of(new DatabaseSetting(Optional.empty(), "work_mem", "7MB")),
                List.of("app.jwt_secret")));
    return this;
  }

  /** The next ones are pinned, or not. */
  public Backups pinned(boolean wanted) {
    pinned = wanted;
    return this;
  }

  /** Makes one that was taken at that time, with a small dump of text. */
  public StoredBackup take(Instant at) {
    BackupDraft.prepare(root);
    try (BackupDraft draft = begin(at)) {
      return finish(draft, at);
    }
  }

  BackupDraft begin(Instant at) {
    return BackupDraft.begin(
        root,
        database,
        at,
        RunId.fresh(),
        database + "@db1:5432",
        warning -> {
          throw new AssertionError(warning);
        });
  }

  StoredBackup finish(BackupDraft draft, Instant at) {
    try {
      Path dump = Files.createDirectory(draft.folder().resolve(DumpFacts.FOLDER));
      Files.writeString(dump.resolve("toc.dat"), "table of contents of " + database);
      Files.writeString(dump.resolve("3001.dat.gz"), "rows of one table, " + at);
      Files.writeString(dump.resolve("3002.dat.gz"), "rows of two tables " + at);
      Files.writeString(draft.folder().resolve("run.log"), "pg_dump was here\n");
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
    return draft.publish(pinned, (id, files) -> manifest(id, at, files), bytes -> {});
  }

  Manifest manifest(String id, Instant at, List<BackupFile> files) {
    return new Manifest(
        Manifest.VERSION,
        id,
        "1.0.0",
        at,
        at,
        1234,
        Optional.of("before V18"),
        selection,
        new DatabaseFacts(
            database,
            database + "@db1:5432",
            "app",
            new DatabaseLocale(
                "UTF8", "C.UTF-8", "C.UTF-8", "libc", Optional.empty(), Optional.empty()),
            10_000_000,
            properties),
        new ServerFacts(Optional.of(system), 150018, "15.18"),
        new DumpFacts(DumpFacts.FOLDER, "directory", "gzip:1", "15.18", 15, 2, List.of()),
        Content.of(
            "probe",
            Map.of(
                new TableName("public", "orders"), new Fingerprint(3, "123456789012345678901"),
                new TableName("public", "odd \" name"), new Fingerprint(0, "0")),
            List.of(),
            new LargeObjects(0, Optional.empty())),
        Map.of("plpgsql", "1.0"),
        List.of("app"),
        List.of(history()),
        files);
  }

  private MigrationHistory history() {
    List<AppliedMigration> rows = new ArrayList<>();
    for (String script : scripts) {
      boolean versioned = script.startsWith("V");
      rows.add(
          new AppliedMigration(
              rows.size() + 1,
              versioned ? script.substring(1, script.indexOf("__")) : null,
              script.substring(script.indexOf("__") + 2).replace(".sql", ""),
              "SQL",
              script,
              7,
              "app",
              NOON.minusSeconds(86_400L * 400),
              5,
              true));
    }
    return new MigrationHistory("default", "public", "flyway_schema_history", true, rows);
  }

  /** Writes another manifest, with the checksum that belongs to it, as a forger would. */
  public static void seal(Path folder, String manifest) {
    try {
      Files.writeString(folder.resolve(ManifestFile.NAME), manifest);
      Files.writeString(
          folder.resolve(ManifestFile.CHECKSUM),
          Sha256.of(manifest) + "  " + ManifestFile.NAME + "\n");
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** Every file of a folder, the paths below it, sorted. */
  public static List<String> files(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
