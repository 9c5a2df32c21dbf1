package dev.belay.incident;

/** Something that is known, by name. */
record Fact(String name, String value) {}
