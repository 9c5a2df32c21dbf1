package dev.belay.integrity;

/** A column as a fingerprint sees it: its name, and how its values are written. */
public record ColumnShape(String name, ColumnText text) {}
