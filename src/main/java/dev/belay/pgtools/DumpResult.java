package dev.belay.pgtools;

import java.time.Duration;
import java.util.Optional;

/**
 * A finished dump. Its files have mode 0600 and were not yet forced to disk.
 *
 * @param compression what was used in the end
 * @param bytes size of all files
 * @param files number of files
 * @param sha256 of the one file of an encrypted dump, in hexadecimal digits
 */
public record DumpResult(
    Tool tool,
    Compression compression,
    long bytes,
    int files,
    Optional<String> sha256,
    Duration duration) {}
