package dev.belay.dataset;

import dev.belay.archive.DurableFiles;
import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.flyway.HistoryQueries;
import dev.belay.integrity.Fingerprints;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.ServerInfo;
import dev.belay.postgres.Snapshot;
import dev.belay.postgres.SqlState;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Exports tables of one moment of a database into a file. Changes nothing in the database. */
public final class DataExport {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

  private final Databases databases;
  private final Progress progress;
  private final String version;

  /**
   * @param version of this program
   */
  public DataExport(Databases databases, Progress progress, String version) {
    this.databases = databases;
    this.progress = progress;
    this.version = version;
  }

  /**
   * What is to be exported.
   *
   * @param app the name of the app that it is of; empty: of several
   * @param folder where it goes, made with mode 0700 when it is not there
   * @param file the whole name; empty: {@code data_export_<yyyyMMdd_HHmmss>[_<app>].json}
   * @param apps whose migration state is put down
   * @param jobs parallel sessions
   */
  public record Request(
      Target target,
      List<AppSettings> apps,
      Optional<String> app,
      Path folder,
      Optional<Path> file,
      ExportForm form,
      ExportCompression compression,
      int jobs) {
    public Request {
      apps = List.copyOf(apps);
      if (jobs < 1) {
        throw Failure.usage("--jobs is " + jobs, "give at least 1");
      }
    }
  }

  /**
   * A table that is to be exported.
   *
   * @param app the app that it is listed under
   * @param condition which rows, in SQL that {@link Condition} has looked at; empty: all
   */
  public record Chosen(String app, LiveTable table, Optional<Condition> condition) {}

  /**
   * A finished export.
   *
   * @param checksum the file beside it
   * @param sha256 of the file
   * @param bytes the file's size
   * @param rows of each table
   */
  public record Result(
      Path file,
      Path checksum,
      String sha256,
      long bytes,
      ExportHeader header,
      Map<ExportedTable, Long> rows) {}

  /**
   * Exports.
   *
   * @param choose the tables, from what the snapshot shows
   * @throws Failure UNAVAILABLE when the folder cannot be written to, FAILED when the disk is full
   *     or somebody truncated a table meanwhile; there is no file then
   */
  public Result run(Request request, Function<LiveTables, List<Chosen>> choose) {
    return run(request, choose, session -> {});
  }

  /**
   * The same, with a look at the moment that is exported.
   *
   * @param look is given a session of that moment when all rows were read; it only reads
   * @throws Failure as the other, and what the look throws; there is no file then
   */
  public Result run(
      Request request, Function<LiveTables, List<Chosen>> choose, Consumer<Database> look) {
    ExportDraft.sweep(request.folder(), progress::warn);
    try (ExportDraft draft =
            ExportDraft.begin(
                request.folder(), RunId.fresh(), request.compression(), progress::warn);
        Snapshot snapshot = Snapshot.take(databases, request.target())) {
      Instant takenAt = Instant.now();
      FailPoint.reached("export-snapshot");
      Database session = snapshot.database();
      List<Chosen> chosen = choose.apply(LiveTables.of(session));
      Map<ExportedTable, LiveTable> tables = listed(chosen);
      ExportHeader header = header(request, session, takenAt, List.copyOf(tables.keySet()));
      long bytes = tables.values().stream().mapToLong(LiveTable::bytes).sum();
      Map<ExportedTable, Long> rows;
      try (Progress.Bar bar = progress.bar("export", bytes, "bytes")) {
        rows =
            new ExportWriting(header, tables, bar, request.jobs())
                .run(snapshot::worker, draft.text());
      }
      look.accept(session);
      refuseReplaced(session, tables.values());
      // From here on nobody needs the moment any more; held, it would keep VACUUM from its work.
      snapshot.close();
      progress.step("writing everything to the disk");
      ExportDraft.Published published = draft.publish(number -> name(request, takenAt, number));
      return new Result(
          published.file(),
          published.checksum(),
          published.sha256(),
          published.bytes(),
          header,
          rows);
    } catch (IOException cannot) {
      throw Failure.failed(
              "the export could not be written to %s: %s"
                  .formatted(request.folder(), DurableFiles.reason(cannot)),
              "see whether there is free space with: df -h "
                  + ShellWords.quote(request.folder().toString())
                  + ", then run it again")
          .causedBy(cannot);
    }
  }

  /**
   * Lets the server look at the conditions, without reading a row.
   *
   * @throws Failure USAGE when it does not understand one
   */
  public static void check(Database session, List<Chosen> chosen) {
    for (Chosen each : chosen) {
      each.condition()
          .ifPresent(
              condition -> {
                try {
                  session.execute(condition.reading(each.table().name()));
                  CopyQueries.out(session, condition.trial(each.table().name()), row -> {});
                } catch (Failure failure) {
                  if (SqlState.lostConnection(failure)) {
                    throw failure;
                  }
                  throw Failure.usage(
                          "the condition for %s is not one that can be used: %s"
                              .formatted(each.table().name().plain(), failure.message()),
                          "try it in psql: select * from %s where %s limit 10"
                              .formatted(each.table().name(), condition.sql()))
                      .causedBy(failure);
                }
              });
    }
  }

  private static Map<ExportedTable, LiveTable> listed(List<Chosen> chosen) {
    Map<ExportedTable, LiveTable> tables = new LinkedHashMap<>();
    // In the file each app is one object.
    chosen.stream()
        .collect(Collectors.groupingBy(Chosen::app, LinkedHashMap::new, Collectors.toList()))
        .forEach(
            (app, ofApp) ->
                ofApp.forEach(
                    each ->
                        tables.put(
                            ExportedTable.of(
                                app,
                                each.table().name(),
                                each.table().columns(),
                                each.table().primaryKey(),
                                each.condition().map(Condition::sql)),
                            each.table())));
    return tables;
  }

  private ExportHeader header(
      Request request, Database session, Instant takenAt, List<ExportedTable> tables) {
    return new ExportHeader(
        ExportHeader.VERSION,
        request.form(),
        version,
        takenAt,
        request.target().database(),
        request.target().toString(),
        ServerInfo.of(session).version(),
        ServerInfo.systemIdentifier(session),
        session.text("select pg_catalog.getdatabaseencoding()"),
        request.apps().stream().map(app -> HistoryQueries.read(session, app)).toList(),
        tables);
  }

  /** TRUNCATE and rewrites show through in a snapshot, so some rows may be missing. */
  private static void refuseReplaced(Database session, Iterable<LiveTable> tables) {
    Set<TableName> read = new java.util.HashSet<>();
    tables.forEach(table -> table.parts().forEach(part -> read.add(part.name())));
    List<String> replaced =
        Fingerprints.replacedSince(session).stream()
            .filter(read::contains)
            .map(TableName::plain)
            .toList();
    if (!replaced.isEmpty()) {
      throw Failure.failed(
          "while the export was made, somebody truncated, rewrote or dropped "
              + String.join(", ", replaced),
          "run it again when nobody changes the schema");
    }
  }

  private static @Nullable Path name(Request request, Instant takenAt, int number) {
    if (request.file().isPresent()) {
      return number == 1 ? request.file().get() : null;
    }
    String name =
        "data_export_"
            + STAMP.format(takenAt)
            + request.app().map(app -> "_" + app).orElse("")
            + (number == 1 ? "" : "_" + number)
            + "."
            + request.form()
            + request.compression().ending();
    return request.folder().resolve(name);
  }
}
