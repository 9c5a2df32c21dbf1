package dev.belay.scratch;

/**
 * An entry of {@code pg_depend}: {@code from} cannot be without {@code to}.
 *
 * @param from an object that the migration made or changed
 * @param to an object, or a column of one, that it needs
 * @param owned whether {@code from} is a part of {@code to}, and goes when that goes
 */
public record ObjectReference(ObjectAddress from, ObjectAddress to, boolean owned) {}
