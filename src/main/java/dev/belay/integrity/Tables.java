package dev.belay.integrity;

import dev.belay.core.TableName;
import java.util.List;

/**
 * The tables of a database, sorted by name.
 *
 * @param shapes those whose rows pg_dump writes
 * @param ofExtensions those that belong to an extension, which makes them again itself
 */
public record Tables(List<TableShape> shapes, List<TableName> ofExtensions) {
  public Tables {
    shapes = List.copyOf(shapes);
    ofExtensions = List.copyOf(ofExtensions);
  }

  /** Size of them all in bytes, without indexes: what {@link Fingerprints#measure} goes through. */
  public long bytes() {
    return shapes.stream().mapToLong(TableShape::bytes).sum();
  }
}
