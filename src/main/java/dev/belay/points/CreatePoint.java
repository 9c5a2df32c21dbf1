package dev.belay.points;

import dev.belay.archive.DurableFiles;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Fingerprint;
import dev.belay.core.Refusals;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.dataset.DataExport;
import dev.belay.dataset.DataExport.Chosen;
import dev.belay.dataset.ExportCompression;
import dev.belay.dataset.ExportForm;
import dev.belay.dataset.ExportedTable;
import dev.belay.dataset.LiveTable;
import dev.belay.dataset.LiveTables;
import dev.belay.integrity.Fingerprints;
import dev.belay.integrity.SequenceState;
import dev.belay.integrity.Sequences;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.swap.GuardedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes a rollback point: the rows of tables in one moment, and what is known of them. */
public final class CreatePoint {
  private final GuardedRun run;
  private final String version;

  /**
   * @param version of this program
   */
  public CreatePoint(GuardedRun run, String version) {
    this.run = run;
    this.version = version;
  }

  /**
   * The tables that it would have, without making it.
   *
   * @throws Failure USAGE when none is meant
   */
  List<LiveTable> look(PointRequest request) {
    try (Database session = run.databases().open(run.target()).readingOnly()) {
      return chosen(LiveTables.of(session), request);
    }
  }

  /**
   * Makes it.
   *
   * @throws Failure USAGE when no table is meant; UNAVAILABLE when the folder cannot be written to;
   *     FAILED when the disk is full or somebody truncated a table meanwhile; there is no point
   *     then
   */
  public PointRecord run(PointRequest request) {
    Path folder = run.settings().folders().dataExports();
    String name = request.name().orElseGet(() -> look(request).get(0).name().table());
    PointClaim.sweep(folder, run.progress()::warn);
    try (PointClaim claim = PointClaim.take(folder, name, Instant.now())) {
      return run(request, name, claim);
    }
  }

  /** Makes it under an id that was taken before. */
  PointRecord run(PointRequest request, String name, PointClaim claim) {
    Settings settings = run.settings();
    Map<TableName, Optional<Fingerprint>> contents = new TreeMap<>();
    List<SequenceState> sequences = new ArrayList<>();
    String[] probe = {""};
    DataExport.Result export =
        new DataExport(run.databases(), run.progress(), version)
            .run(
                new DataExport.Request(
                    run.target(),
                    settings.apps(),
                    Optional.empty(),
                    settings.folders().dataExports(),
                    Optional.of(claim.data()),
                    ExportForm.parse("json"),
                    ExportCompression.NONE,
                    settings.jobs()),
                live -> listed(live, request),
                session -> {
                  List<TableName> names =
                      chosen(LiveTables.of(session), request).stream()
                          .map(LiveTable::name)
                          .toList();
                  contents.putAll(Contents.of(session, names, run.progress()));
                  probe[0] = Fingerprints.probe(session);
                  sequences.addAll(Sequences.of(session));
                });
    FailPoint.reached("point-data");
    PointRecord record = record(request, name, claim, export, contents, sequences, probe[0]);
    try {
      claim.publish(record);
    } catch (IOException cannot) {
      throw Failure.failed(
              "the data of the rollback point is in %s, and its record could not be written: %s"
                  .formatted(export.file(), DurableFiles.reason(cannot)),
              "free disk space and make another; this one works by its data alone: belay"
                  + " rollback-point execute %s --type backup"
                      .formatted(ShellWords.quote(export.file().toString())))
          .causedBy(cannot);
    }
    run.progress()
        .step(
            "the rollback point is %s: %s of %s"
                .formatted(
                    record.id(),
                    Units.count(record.rows(), "row", "rows"),
                    Units.count(record.tables().size(), "table", "tables")));
    return record;
  }

  private static List<LiveTable> chosen(LiveTables live, PointRequest request) {
    List<LiveTable> able = live.tables().stream().filter(table -> !table.ofExtension()).toList();
    Set<TableName> wanted =
        Set.copyOf(request.choose().apply(able.stream().map(LiveTable::name).toList()));
    List<LiveTable> chosen = able.stream().filter(table -> wanted.contains(table.name())).toList();
    refuseUnfit(wanted, chosen);
    return chosen;
  }

  /** A point that lacks rows of a table would take them away when it is executed. */
  private static void refuseUnfit(Set<TableName> wanted, List<LiveTable> chosen) {
    Refusals refusals = new Refusals();
    Set<TableName> covered = chosen.stream().map(LiveTable::name).collect(Collectors.toSet());
    wanted.stream()
        .filter(name -> !covered.contains(name))
        .sorted()
        .forEach(
            name ->
                refusals.add(
                    "foreign keys take rows of %s along, which no rollback point can have"
                        .formatted(name.plain()),
                    "remove its rows by hand before, or leave the tables out that it refers to"));
    chosen.forEach(table -> PointScope.refuseForeign(table, refusals));
    refusals.refuse();
  }

  private static List<Chosen> listed(LiveTables live, PointRequest request) {
    return chosen(live, request).stream()
        .map(table -> new Chosen(AppSettings.DEFAULT_NAME, table, Optional.empty()))
        .toList();
  }

  private PointRecord record(
      PointRequest request,
      String name,
      PointClaim claim,
      DataExport.Result export,
      Map<TableName, Optional<Fingerprint>> contents,
      List<SequenceState> sequences,
      String probe) {
    List<PointTable> tables = new ArrayList<>();
    for (Map.Entry<ExportedTable, Long> each : export.rows().entrySet()) {
      TableName table = each.getKey().name();
      Optional<Fingerprint> content = contents.getOrDefault(table, Optional.empty());
      content.ifPresent(
          found -> {
            if (found.rows() != each.getValue()) {
              throw Failure.failed(
                  "table %s has %d rows in the export and %d by its fingerprint"
                      .formatted(table.plain(), each.getValue(), found.rows()),
                  "run it again, and report it when it happens again");
            }
          });
      tables.add(
          new PointTable(
              table.schema(), table.table(), each.getValue(), content.map(Fingerprint::sum)));
    }
    return new PointRecord(
        PointRecord.VERSION,
        claim.id(),
        name,
        request.kind(),
        request.description(),
        export.header().takenAt(),
        export.header().database(),
        export.header().target(),
        export.header().systemIdentifier(),
        Who.here(),
        run.run().text(),
        String.valueOf(export.file().getFileName()),
        export.sha256(),
        export.bytes(),
        Fingerprints.FORM,
        probe,
        tables,
        sequences.stream()
            .map(
                each ->
                    new PointRecord.Sequence(
                        each.name().schema(), each.name().table(), each.lastValue(), each.called()))
            .collect(Collectors.toList()),
        export.header().migrations().stream()
            .map(each -> new PointRecord.Migration(each.app(), each.currentVersion()))
            .toList(),
        List.of());
  }
}
