package dev.belay.rehearse;

import dev.belay.archive.DurableFiles;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Dated reports in {@code migration_monitoring}, of which the newest are kept. */
public final class ReportFile {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int LONGEST_NAME = 40;

  private final Path folder;
  private final String kind;
  private final int kept;

  /**
   * @param kind the begin of the files' names, such as {@code rehearsal}
   * @param kept so many of that kind stay
   */
  public ReportFile(Path folder, String kind, int kept) {
    this.folder = folder;
    this.kind = kind;
    this.kept = kept;
  }

  /**
   * Writes one as JSON and as text.
   *
   * @param ending of the text's name, such as {@code .txt}
   * @return the two files
   * @throws IOException when they cannot be written
   */
  public List<Path> write(
      String database, Instant at, Object report, String ending, List<String> text)
      throws IOException {
    DurableFiles.createFolders(folder);
    String name = "%s_%s_%s".formatted(kind, plain(database), STAMP.format(at));
    byte[] json = (Json.pretty(report) + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] lines = (String.join("\n", text) + "\n").getBytes(StandardCharsets.UTF_8);
    for (int number = 1; ; number++) {
      String free = number == 1 ? name : name + "_" + number;
      try {
        Path first = folder.resolve(free + ".json");
        DurableFiles.writeNew(first, json);
        Path second = folder.resolve(free + ending);
        DurableFiles.writeNew(second, lines);
        DurableFiles.forceFolder(folder);
        removeOld(ending);
        return List.of(first, second);
      } catch (FileAlreadyExistsException taken) {
        if (number == 100) {
          throw taken;
        }
      }
    }
  }

  /** A name as it may be part of a file's. */
  private static String plain(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9.-]", "_");
    return plain.length() <= LONGEST_NAME ? plain : plain.substring(0, LONGEST_NAME);
  }

  /** By when they were written. What is no report of this kind is left alone. */
  private void removeOld(String ending) throws IOException {
    for (String each : List.of(".json", ending)) {
      List<Path> old;
      try (Stream<Path> files = Files.list(folder)) {
        old =
            files
                .filter(file -> isReport(String.valueOf(file.getFileName()), each))
                .sorted(
                    java.util.Comparator.comparing((Path file) -> file.toFile().lastModified())
                        .thenComparing(Path::toString)
                        .reversed())
                .skip(kept)
                .toList();
      }
      for (Path file : old) {
        Files.deleteIfExists(file);
      }
    }
  }

  private boolean isReport(String name, String ending) {
    return name.startsWith(kind + "_")
        && name.endsWith(ending)
        && name.substring(0, name.length() - ending.length())
            .matches(".*_\\d{8}_\\d{6}(_\\d{1,3})?");
  }
}
