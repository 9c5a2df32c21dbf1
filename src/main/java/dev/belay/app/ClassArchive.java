package dev.belay.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Loads the classes that short commands use and ends: the launcher runs it once with {@code
 * -XX:ArchiveClassesAtExit}, so that later starts find them ready. Reaches no server and writes
 * nothing.
 */
public final class ClassArchive {
  /** What a {@code list-migrations} loaded of the libraries, see {@code scripts/class-list}. */
  static final String LIST = "/dev/belay/app/class-archive.list";

  private ClassArchive() {}

  /** Loads the classes; one that is no longer there is left out. */
  public static void main(String[] arguments) throws IOException, URISyntaxException {
    listed().forEach(ClassArchive::load);
    own().forEach(ClassArchive::load);
  }

  /** The names in the list. */
  static List<String> listed() throws IOException {
    try (InputStream list = ClassArchive.class.getResourceAsStream(LIST);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    }
  }

  /** Every class of Belay's own jar. */
  private static List<String> own() throws IOException, URISyntaxException {
    Path place =
        Path.of(ClassArchive.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile jar = new JarFile(place.toFile());
        Stream<String> names = jar.stream().map(entry -> entry.getName())) {
      return names
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .toList();
    }
  }

  private static void load(String name) {
    try {
      Class.forName(name, false, ClassArchive.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError gone) {
      // Another version of a library or of Java: the archive is only a little smaller.
    }
  }
}
