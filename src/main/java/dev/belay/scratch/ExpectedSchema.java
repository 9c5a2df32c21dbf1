package dev.belay.scratch;

import dev.belay.catalogue.Catalogue;
import java.util.List;

/**
 * What the schema of an app should be.
 *
 * @param catalogue the schema
 * @param role the role by which it was made: it stands for whoever migrated the live database
 * @param notes what could not be seen, as sentences: a migration that was applied and has no file
 */
public record ExpectedSchema(Catalogue catalogue, String role, List<String> notes) {
  public ExpectedSchema {
    notes = List.copyOf(notes);
  }
}
