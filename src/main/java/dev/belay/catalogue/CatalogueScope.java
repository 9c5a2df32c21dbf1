package dev.belay.catalogue;

import dev.belay.core.TableName;
import java.util.List;
import java.util.Set;

/**
 * What of a database is read.
 *
 * @param schemas the schemas; empty: all that are not the server's, and the ledger is never read
 * @param leftOut tables that are left out with all that is theirs, such as Flyway's history
 */
public record CatalogueScope(Set<String> schemas, List<TableName> leftOut) {
  public CatalogueScope {
    schemas = Set.copyOf(schemas);
    leftOut = List.copyOf(leftOut);
  }

  /** All schemas, without those tables. */
  public static CatalogueScope without(TableName... leftOut) {
    return new CatalogueScope(Set.of(), List.of(leftOut));
  }

  boolean contains(ObjectKey key) {
    boolean inSchema =
        schemas.isEmpty()
            || (key.kind() == ObjectKind.SCHEMA
                ? schemas.contains(key.name())
                : key.schema().isEmpty() || schemas.contains(key.schema()));
    return inSchema && !isLeftOut(key);
  }

  private boolean isLeftOut(ObjectKey key) {
    boolean ofTable = key.isMember() || key.kind().isRelation();
    return ofTable && leftOut.contains(new TableName(key.schema(), key.name()));
  }
}
