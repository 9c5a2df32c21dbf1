package dev.belay.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where migrations and undo scripts lie. */
final class Locations {
  private static final String FILES = "filesystem:";

  private final Places places;

  Locations(Places places) {
    this.places = places;
  }

  /** Flyway's usual folders, the first that is there. */
  String standard() {
    for (String folder : List.of("db/migration", "src/main/resources/db/migration")) {
      if (Files.isDirectory(places.directory().resolve(folder))) {
        return FILES + folder;
      }
    }
    return FILES + "db/migration";
  }

  /** The location with an absolute folder, so that it means the same wherever it is read. */
  String absolute(String location, String source) {
    return isFolder(location) ? FILES + folder(location, source) : location;
  }

  /** Whether it is a folder of this machine: other kinds can only be read by the application. */
  static boolean isFolder(String location) {
    int colon = location.indexOf(':');
    return colon < 0 || location.startsWith(FILES);
  }

  /** The folders of undo scripts that go with the locations: {@code undo} beside each. */
  List<String> undo(List<String> locations, String source) {
    Set<String> undo = new LinkedHashSet<>();
    for (String location : locations) {
      Path parent = isFolder(location) ? folder(location, source).getParent() : null;
      if (parent != null) {
        undo.add(parent.resolve("undo").toString());
      }
    }
    return List.copyOf(undo);
  }

  /** The absolute folder of a location or a plain path. */
  Path folder(String location, String source) {
    String path = location.startsWith(FILES) ? location.substring(FILES.length()) : location;
    return places.resolve(path, source);
  }
}
