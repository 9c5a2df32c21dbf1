package dev.belay.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Puts compiled classes of the tests into a jar, as the migrations of an app are. */
public final class JarOfMigrations {
  private JarOfMigrations() {}

  /**
   * Makes the jar, with an entry for every folder: Flyway does not find classes without.
   *
   * @return the jar
   */
  public static Path write(Path jar, Class<?>... classes) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file)) {
      String written = "";
      for (Class<?> each : classes) {
        String name = each.getName().replace('.', '/');
        for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
          String folder = name.substring(0, slash + 1);
          if (!written.startsWith(folder)) {
            entries.putNextEntry(new JarEntry(folder));
            entries.closeEntry();
          }
        }
        written = name;
        entries.putNextEntry(new JarEntry(name + ".class"));
        try (InputStream bytes = each.getResourceAsStream("/" + name + ".class")) {
          bytes.transferTo(entries);
        }
        entries.closeEntry();
      }
    }
    return jar;
  }
}
