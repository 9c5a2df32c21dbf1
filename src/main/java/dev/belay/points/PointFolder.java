package dev.belay.points;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Failure;
import dev.belay.dataset.ExportChecksum;
import dev.belay.points.StoredPoint.Status;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The rollback points in the folder of the exports. */
final class PointFolder {
  /** The newest one that can be executed. */
  static final String LATEST = "latest";

  private final Path folder;

  PointFolder(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /**
   * All of them, newest first.
   *
   * @throws Failure UNAVAILABLE when the folder cannot be read
   */
  List<StoredPoint> list() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    Set<String> ids = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PointName.PREFIX + "*")) {
      files.forEach(file -> PointName.ofFile(file).ifPresent(ids::add));
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot look for rollback points in %s: %s"
                  .formatted(folder, DurableFiles.reason(cannot)),
              "see who may read it with: ls -ld " + ShellWords.quote(folder.toString()))
          .causedBy(cannot);
    }
    return ids.stream()
        .map(id -> look(folder.resolve(id + PointName.DATA), id))
        .sorted(Comparator.comparing(StoredPoint::order).thenComparing(StoredPoint::id).reversed())
        .toList();
  }

  /**
   * The point that somebody names: an id, {@value #LATEST}, or the path of its data or record.
   *
   * @param directory where a path begins, unless it is absolute
   * @throws Failure UNAVAILABLE when there is none
   */
  StoredPoint find(Path directory, String named) {
    if (named.equals(LATEST)) {
      return list().stream()
          .filter(point -> point.status() == Status.READY || point.status() == Status.EXECUTED)
          // One that was made of what an execution took away is asked for by its id.
          .filter(point -> point.record().map(each -> !each.kind().equals("before")).orElse(true))
          .findFirst()
          .orElseThrow(
              () ->
                  Failure.unavailable(
                      "there is no rollback point in " + folder,
                      "make one with: belay rollback-point create --table schema.table"));
    }
    if (PointName.isId(named)) {
      StoredPoint point = look(folder.resolve(named + PointName.DATA), named);
      if (Files.exists(point.data(), LinkOption.NOFOLLOW_LINKS)
          || Files.exists(point.recordFile(), LinkOption.NOFOLLOW_LINKS)) {
        return point;
      }
      throw none(named);
    }
    Path path = directory.resolve(named);
    if (!Files.exists(path)) {
      throw none(named);
    }
    String file = String.valueOf(path.getFileName());
    Optional<String> id = PointName.ofFile(path);
    if (id.isPresent()) {
      return look(path.resolveSibling(id.get() + PointName.DATA), id.get());
    }
    // A copy under another name: its data is all there is.
    return new StoredPoint(
        file,
        path,
        Optional.empty(),
        Status.INCOMPLETE,
        Optional.of("it has no record"),
        size(path));
  }

  private Failure none(String named) {
    List<String> ids = list().stream().map(StoredPoint::id).limit(5).toList();
    return Failure.unavailable(
        "there is no rollback point '%s' in %s".formatted(named, folder),
        ids.isEmpty()
            ? "make one with: belay rollback-point create --table schema.table"
            : "name one of: " + String.join(", ", ids));
  }

  private static StoredPoint look(Path data, String id) {
    Path recordFile = data.resolveSibling(id + PointName.RECORD);
    boolean hasData = Files.isRegularFile(data, LinkOption.NOFOLLOW_LINKS);
    boolean hasChecksum =
        Files.isRegularFile(ExportChecksum.beside(data), LinkOption.NOFOLLOW_LINKS);
    long bytes = hasData ? size(data) : 0;
    Optional<PointRecord> record = Optional.empty();
    List<String> problems = new ArrayList<>();
    if (Files.exists(recordFile, LinkOption.NOFOLLOW_LINKS)) {
      try {
        byte[] text = DurableFiles.read(recordFile, PointRecord.LONGEST_BYTES);
        record = Optional.of(PointRecord.read(new String(text, StandardCharsets.UTF_8), id));
      } catch (IOException unreadable) {
        problems.add("its record cannot be read: " + DurableFiles.reason(unreadable));
      }
    }
    boolean lost = record.isEmpty() && problems.isEmpty();
    if (!hasData) {
      problems.add("its data is gone: " + data.getFileName());
    } else if (!hasChecksum) {
      problems.add("its checksum is gone: " + ExportChecksum.beside(data).getFileName());
    } else if (record.isPresent() && record.get().bytes() != bytes) {
      problems.add("its data has %d bytes and had %d".formatted(bytes, record.get().bytes()));
    }
    if (problems.isEmpty() && lost) {
      return new StoredPoint(
          id, data, record, Status.INCOMPLETE, Optional.of("it has no record"), bytes);
    }
    Status status =
        !problems.isEmpty()
            ? Status.DAMAGED
            : record.map(each -> each.executions().isEmpty()).orElse(true)
                ? Status.READY
                : Status.EXECUTED;
    return new StoredPoint(
        id,
        data,
        record,
        status,
        problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems)),
        bytes);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }

  /**
   * Writes the record of a point again, so that a reader sees the old or the new one.
   *
   * @throws IOException when it cannot be written; the old one is there then
   */
  void replace(PointRecord record) throws IOException {
    DurableFiles.replace(folder.resolve(record.id() + PointName.RECORD), record.text());
  }

  /**
   * Deletes a point: the record first, so that what is left of a crash is data without one.
   *
   * @throws Failure UNAVAILABLE when something of it cannot be deleted
   */
  void delete(StoredPoint point) {
    try {
      Files.deleteIfExists(point.recordFile());
      Files.deleteIfExists(point.data());
      Files.deleteIfExists(ExportChecksum.beside(point.data()));
      DurableFiles.forceFolder(folder);
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot delete %s: %s".formatted(point.id(), DurableFiles.reason(cannot)),
              "see who owns it with: ls -l " + ShellWords.quote(point.data().toString()))
          .causedBy(cannot);
    }
  }
}
