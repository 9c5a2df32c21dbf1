package dev.belay.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, written by Maven. */
final class Version implements IVersionProvider {
  /** Such as {@code 0.1.0}. */
  static String number() {
    try (InputStream file = Version.class.getResourceAsStream("/belay.properties")) {
      Properties properties = new Properties();
      properties.load(file);
      return properties.getProperty("version", "unknown");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {"belay " + number()};
  }
}
