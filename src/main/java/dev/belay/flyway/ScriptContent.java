package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is in a script's file, as Flyway would read it.
 *
 * @param text with its placeholders, without a byte order mark
 * @param transactional whether the settings of the script and of its app let it run in a
 *     transaction; its statements may still forbid it
 */
public record ScriptContent(String text, boolean transactional) {
  private static final long LARGEST_BYTES = 64_000_000;

  /**
   * Reads a script. It is held in memory as a whole.
   *
   * @throws Failure UNAVAILABLE when it cannot be read, or is not of its encoding
   */
  public static ScriptContent of(AppSettings app, Path file) {
    try {
      if (Files.size(file) > LARGEST_BYTES) {
        throw unreadable(file, "it is larger than 64 MB");
      }
      ScriptSettings own =
          ScriptSettings.of(
              app,
              file,
              (other, why) -> {
                throw unreadable(other, why);
              });
      Charset encoding =
          own.encoding(
              (other, why) -> {
                throw unreadable(other, why);
              });
      StringWriter text = new StringWriter();
      try (Reader reader = new BufferedReader(ScriptText.open(file, encoding))) {
        reader.transferTo(text);
      }
      String all = text.toString();
      return new ScriptContent(
          all.startsWith("\uFEFF") ? all.substring(1) : all,
          !own.get("executeInTransaction", "true").equalsIgnoreCase("false"));
    } catch (NoSuchFileException gone) {
      throw unreadable(file, "it is gone");
    } catch (AccessDeniedException denied) {
      throw unreadable(file, "permission denied");
    } catch (CharacterCodingException other) {
      throw unreadable(file, "its text is not of the encoding that is configured");
    } catch (IOException broken) {
      throw unreadable(file, String.valueOf(broken.getMessage()));
    }
  }

  /** The checksum that Flyway would record for a versioned script of that text. */
  public static int checksum(String text) {
    try (Reader reader = new StringReader(text)) {
      return ScriptText.checksum(reader);
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
  }

  /**
   * The version of an undo script of that file name; empty when it is no name of an undo script.
   */
  public static Optional<MigrationVersion> undoVersion(AppSettings app, String name) {
    return FlywayNaming.of(app.flyway())
        .undoScript(name)
        .flatMap(found -> Optional.ofNullable(found.version()));
  }

  /** The file name that an undo script of a migration has by the settings of its app. */
  public static String undoName(AppSettings app, Migration migration) {
    FlywayNaming naming = FlywayNaming.of(app.flyway());
    String words = migration.description().replaceAll("[^\\p{L}\\p{N}]+", "_");
    String prefix = naming.undo().isEmpty() ? "U" : naming.undo();
    String ending = naming.suffixes().isEmpty() ? ".sql" : naming.suffixes().get(0);
    return prefix + migration.version() + naming.separator() + words + ending;
  }

  /** Whether a file of that name is the versioned script of a migration of that version. */
  public static boolean isVersioned(AppSettings app, String name, MigrationVersion version) {
    return FlywayNaming.of(app.flyway())
        .migration(name)
        .filter(found -> found.kind() == ScriptKind.VERSIONED && found.type().equals("SQL"))
        .filter(found -> version.equals(found.version()))
        .isPresent();
  }

  private static Failure unreadable(Path file, String why) {
    return Failure.unavailable(
        file + " cannot be read: " + why, "make it readable, then run it again");
  }
}
