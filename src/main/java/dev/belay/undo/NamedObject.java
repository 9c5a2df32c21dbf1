package dev.belay.undo;

/**
 * Something that has a name and can be given another.
 *
 * @param key what it is in the catalogue, whatever it is called: the same before and after a rename
 * @param kind the words after {@code ALTER}; of a part, the kind of the part
 * @param scope where its name must be its own: a schema, or what it is a part of, by key
 * @param schema the name of its schema
 * @param name its name
 * @param parent of a part: the name of what it is a part of
 * @param arguments of a function, in parentheses; else empty
 */
record NamedObject(
    String key,
    String kind,
    String scope,
    String schema,
    String name,
    String parent,
    String arguments) {
  boolean isPart() {
    return !parent.isEmpty();
  }
}
