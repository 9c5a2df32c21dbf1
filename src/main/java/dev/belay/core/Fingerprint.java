package dev.belay.core;

/**
 * What a table held at one moment: its rows, and one order-free sum over a hash of each row.
 *
 * @param rows number of rows
 * @param sum sum of the 64-bit row hashes as a decimal number; it does not wrap around
 */
public record Fingerprint(long rows, String sum) {}
