package dev.belay.schema;

import dev.belay.catalogue.NamePattern;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What validate-schema is asked.
 *
 * @param app the app; empty: all
 * @param ignored what is passed over, beside what is configured
 * @param sqlInAnswer whether the alignment is part of the answer
 * @param sqlFile where the alignment is written
 */
public record SchemaRequest(
    Optional<String> app,
    boolean owners,
    boolean privileges,
    boolean comments,
    boolean strict,
    List<NamePattern> ignored,
    boolean sqlInAnswer,
    Optional<Path> sqlFile) {
  public SchemaRequest {
    ignored = List.copyOf(ignored);
  }
}
