package dev.belay.integrity;

import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;
import java.util.List;
import java.util.Map;

/**
 * What a database held at one moment; a plain record for a manifest.
 *
 * @param form how a row became a number, {@link Fingerprints#FORM}
 * @param probe what the server made of known values, {@link Fingerprints#probe}
 * @param tables sorted by name
 * @param sequences sorted by name
 */
public record Content(
    String form,
    String probe,
    List<TableContent> tables,
    List<ExpectedSequence> sequences,
    LargeObjects largeObjects) {
  public Content {
    tables = List.copyOf(tables);
    sequences = List.copyOf(sequences);
  }

  /** The content in the form of this program. */
  public static Content of(
      String probe,
      Map<TableName, Fingerprint> tables,
      List<ExpectedSequence> sequences,
      LargeObjects largeObjects) {
    List<TableContent> sorted =
        tables.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(table -> new TableContent(table.getKey(), table.getValue()))
            .toList();
    return new Content(Fingerprints.FORM, probe, sorted, sequences, largeObjects);
  }

  /** Rows of all tables. */
  public long rows() {
    return tables.stream().mapToLong(table -> table.content().rows()).sum();
  }
}
