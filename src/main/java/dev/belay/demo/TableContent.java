package dev.belay.demo;

/**
 * What one table holds.
 *
 * @param name with its schema
 * @param checksum of all rows in the order of their keys
 */
record TableContent(String name, long rows, String checksum) {}
