package dev.belay.pgtools;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where programs of PostgreSQL are, and which of them only stand in for another. */
final class ToolPlaces {
  /** A parent, what its folders are called, and what is below them. */
  private record Family(Path parent, String folders, String below) {}

  private static final int SCRIPT_BYTES = 64 * 1024;

  private final List<Family> families;
  private final List<Path> folders;
  private final String searchPath;

  private ToolPlaces(List<Family> families, List<Path> folders, String searchPath) {
    this.families = families;
    this.folders = folders;
    this.searchPath = searchPath;
  }

  /** One folder and no other. */
  static ToolPlaces only(Path folder) {
    return new ToolPlaces(List.of(), List.of(folder), "");
  }

  /** Where distributions put them, then PATH. */
  static ToolPlaces usual(Map<String, String> environment) {
    return under(Path.of("/"), environment);
  }

  /** The same below another root, for tests. */
  static ToolPlaces under(Path root, Map<String, String> environment) {
    return new ToolPlaces(
        List.of(
            new Family(root.resolve("usr/lib/postgresql"), "*", "bin"),
            new Family(root.resolve("usr"), "pgsql-*", "bin"),
            new Family(root.resolve("opt/homebrew/opt"), "{postgresql@*,libpq}", "bin"),
            new Family(root.resolve("usr/local/opt"), "{postgresql@*,libpq}", "bin"),
            new Family(root.resolve("usr/libexec"), "postgresql*", "")),
        List.of(root.resolve("usr/local/pgsql/bin")),
        environment.getOrDefault("PATH", ""));
  }

  /** Every program of that name that may be run and is no wrapper, each real file once. */
  List<Path> all(String name) {
    List<Path> places = new ArrayList<>();
    families.forEach(family -> places.addAll(in(family)));
    places.addAll(folders);
    for (String folder : searchPath.split(File.pathSeparator, -1)) {
      absolute(folder).ifPresent(places::add);
    }
    Map<Path, Path> byFile = new LinkedHashMap<>();
    for (Path place : places) {
      Path program = place.resolve(name);
      if (Files.isRegularFile(program) && Files.isExecutable(program) && !isWrapper(program)) {
        byFile.putIfAbsent(real(program), program);
      }
    }
    return List.copyOf(byFile.values());
  }

  /** A relative folder in PATH would mean another program in every working directory. */
  private static Optional<Path> absolute(String folder) {
    try {
      return Optional.of(Path.of(folder)).filter(Path::isAbsolute);
    } catch (InvalidPathException notAFolder) {
      return Optional.empty();
    }
  }

  private static List<Path> in(Family family) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> children =
        Files.newDirectoryStream(family.parent(), family.folders())) {
      children.forEach(child -> found.add(child.resolve(family.below())));
    } catch (IOException notThere) {
      return List.of();
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }

  private static Path real(Path program) {
    try {
      return program.toRealPath();
    } catch (IOException gone) {
      return program;
    }
  }

  /**
   * Debian's {@code /usr/bin/pg_dump} is a script that picks a version by what clusters are on this
   * machine, which says nothing about the server that is dumped.
   */
  static boolean isWrapper(Path program) {
    if (String.valueOf(real(program).getFileName()).equals("pg_wrapper")) {
      return true;
    }
    try (InputStream file = Files.newInputStream(program)) {
      String head = new String(file.readNBytes(SCRIPT_BYTES), StandardCharsets.ISO_8859_1);
      return head.startsWith("#!")
          && (head.contains("pg_wrapper") || head.contains("user_clusters"));
    } catch (IOException unreadable) {
      return false;
    }
  }
}
