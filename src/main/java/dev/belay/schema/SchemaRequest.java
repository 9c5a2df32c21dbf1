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
 * @param jars jars with Java migrations
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
    List<Path> jars,
    boolean sqlInAnswer,
    Optional<Path> sqlFile) {
  public SchemaRequest {
    ignored = List.copyOf(ignored);
    jars = List.copyOf(jars);
  }
}
