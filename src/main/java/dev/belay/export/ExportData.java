package dev.belay.export;

import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.core.Units;
import dev.belay.dataset.DataExport;
import dev.belay.dataset.DataExport.Chosen;
import dev.belay.dataset.ExportChecksum;
import dev.belay.dataset.LiveTables;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.ServerInfo;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Exports tables of the target into a file. Changes nothing in the target. */
public final class ExportData {
  private final Databases databases;
  private final String version;

  /**
   * @param version of this program
   */
  public ExportData(Databases databases, String version) {
    this.databases = databases;
    this.version = version;
  }

  ExportDataReport run(Settings settings, ExportRequest request, Progress progress) {
    Instant begin = Instant.now();
    ExportChoice choice = new ExportChoice(settings, request);
    request.file().ifPresent(ExportData::refuseTaken);
    Path folder =
        request.file().map(file -> parent(file)).orElseGet(() -> settings.folders().dataExports());
    List<String> notes = new ArrayList<>();
    List<Chosen> chosen = preflight(settings, request, choice, folder, notes, progress);
    if (request.dryRun()) {
      return ExportDataReport.wouldBe(settings.target(), request, chosen, notes);
    }
    progress.step(
        "exporting %s of %s"
            .formatted(Units.count(chosen.size(), "table", "tables"), settings.target()));
    DataExport.Result result =
        new DataExport(databases, progress, version)
            .run(
                new DataExport.Request(
                    settings.target(),
                    settings.apps(),
                    request.app(),
                    folder,
                    request.file(),
                    request.form(),
                    request.compression(),
                    request.jobs()),
                choice::of);
    return ExportDataReport.of(
        settings.target(), request, result, notes, Duration.between(begin, Instant.now()));
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }

  private static void refuseTaken(Path file) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw Failure.refused(
          "there is a file " + file + " already", "name another with --out; none is overwritten");
    }
    Path checksum = ExportChecksum.beside(file);
    if (Files.exists(checksum, LinkOption.NOFOLLOW_LINKS)) {
      throw Failure.refused(
          "there is a file " + checksum + " already, and the checksum would have that name",
          "name another with --out, or when no export goes with it: rm " + quoted(checksum));
    }
    if (!Files.isDirectory(parent(file))) {
      throw Failure.unavailable(
          "there is no folder " + parent(file), "make it with: mkdir -p " + quoted(parent(file)));
    }
  }

  private static String quoted(Path path) {
    return dev.belay.process.ShellWords.quote(path.toString());
  }

  private List<Chosen> preflight(
      Settings settings,
      ExportRequest request,
      ExportChoice choice,
      Path folder,
      List<String> notes,
      Progress progress) {
    Refusals refusals = new Refusals();
    try (Database session = databases.open(settings.target()).readingOnly()) {
      ServerInfo server = ServerInfo.of(session);
      if (server.major() < ServerInfo.OLDEST_MAJOR) {
        throw Failure.refused(
            "the server is PostgreSQL " + server.version(),
            "use PostgreSQL " + ServerInfo.OLDEST_MAJOR + " or newer");
      }
      LiveTables live = LiveTables.of(session);
      List<Chosen> chosen = choice.of(live);
      ExportPreflight preflight = new ExportPreflight(session, refusals, chosen);
      preflight.rights();
      preflight.disk(folder, request.compression());
      refusals.refuse();
      refusals.warnings().forEach(progress::warn);
      DataExport.check(session, chosen);
      notes.addAll(choice.notes(live));
      long objects = ExportPreflightQueries.largeObjects(session);
      if (objects > 0) {
        notes.add(
            Units.count(objects, "large object is", "large objects are")
                + " not exported; create-backup has them");
      }
      return chosen;
    }
  }
}
