package dev.belay.archive;

import dev.belay.postgres.DatabaseLocale;

/**
 * The database that a backup is of.
 *
 * @param address {@code database@host:port}, as Belay reached it
 * @param bytes its size on the server
 */
public record DatabaseFacts(
    String name, String address, String owner, DatabaseLocale locale, long bytes) {}
