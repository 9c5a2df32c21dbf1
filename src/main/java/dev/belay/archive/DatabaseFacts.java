package dev.belay.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.postgres.DatabaseLocale;
import dev.belay.swap.SavedProperties;
import java.util.Optional;

/**
 * The database that a backup is of.
 *
 * @param address {@code database@host:port}, as Belay reached it
 * @param bytes its size on the server
 * @param properties what else belongs to it and is in no dump; empty: of an early Belay
 */
public record DatabaseFacts(
    String name,
    String address,
    String owner,
    DatabaseLocale locale,
    long bytes,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<SavedProperties> properties) {}
