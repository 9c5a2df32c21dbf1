package dev.belay.archive;

import java.util.Optional;

/**
 * The server that a backup is of.
 *
 * @param systemIdentifier the one that initdb gave it, where this role may read it
 * @param versionNumber such as 150018
 * @param version as the server writes it
 */
public record ServerFacts(Optional<String> systemIdentifier, int versionNumber, String version) {}
