package dev.belay.emergency;

import dev.belay.core.TableName;

/** Names in the schema of the ward. */
final class Identifiers {
  private Identifiers() {}

  static String of(String name) {
    return new TableName(Ward.SCHEMA, name).toString();
  }
}
