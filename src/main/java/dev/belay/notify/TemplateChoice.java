package dev.belay.notify;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A template that somebody chose: a built-in one, or a file.
 *
 * @param name as it is written
 * @param file null: it is a built-in one
 */
record TemplateChoice(String name, @Nullable Path file) {
  private static final int LONGEST = 1 << 16;

  /**
   * What a name means.
   *
   * @param path where such a file would be
   * @param where the name is written
   * @throws Failure USAGE when there is neither such a text nor such a file
   */
  static TemplateChoice of(String name, Path path, String where) {
    if (BuiltIn.named(name).isPresent()) {
      return new TemplateChoice(name, null);
    }
    if (!Files.isRegularFile(path)) {
      throw Failure.usage(
          "%s: there is no template '%s', neither built in nor as a file %s"
              .formatted(where, name, path),
          "write the file, or one of: " + String.join(", ", BuiltIn.names()));
    }
    return new TemplateChoice(name, path);
  }

  /** Whether what it makes is the whole body of a request. */
  boolean isJson() {
    return file != null && file.toString().endsWith(".json");
  }

  /** The text; empty when the file is no longer there or cannot be read. */
  Optional<Template> read() {
    if (file == null) {
      return BuiltIn.named(name);
    }
    try {
      byte[] bytes = DurableFiles.read(file.toRealPath(), LONGEST);
      return Optional.of(
          Template.of(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()));
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
