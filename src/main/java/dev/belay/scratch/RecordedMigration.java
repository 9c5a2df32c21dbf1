package dev.belay.scratch;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one migration did when it was replayed.
 *
 * @param version null for a repeatable migration
 * @param script its path from its location on, or the class name of a Java migration
 * @param inTransaction whether it ran in one transaction, so that everything below is complete
 * @param millis how long it ran in the scratch database, in milliseconds; says nothing of the time
 *     with real data
 * @param locks what it locked of what was there before, by name
 * @param created objects that are there since, by name
 * @param changed objects that are not as they were, by name
 * @param dropped objects that are gone, by name
 * @param rewritten tables of which every row was written anew, by name
 * @param emptied tables that were truncated, by name
 * @param rows rows changed, by name of the table
 * @param references what the created and changed objects need
 * @param notes what could not be seen
 */
public record RecordedMigration(
    @Nullable String version,
    String description,
    String script,
    boolean inTransaction,
    long millis,
    List<RelationLock> locks,
    List<RecordedObject> created,
    List<RecordedObject> changed,
    List<RecordedObject> dropped,
    List<RecordedObject> rewritten,
    List<RecordedObject> emptied,
    List<RowsChanged> rows,
    List<ObjectReference> references,
    List<String> notes) {
  public RecordedMigration {
    locks = List.copyOf(locks);
    created = List.copyOf(created);
    changed = List.copyOf(changed);
    dropped = List.copyOf(dropped);
    rewritten = List.copyOf(rewritten);
    emptied = List.copyOf(emptied);
    rows = List.copyOf(rows);
    references = List.copyOf(references);
    notes = List.copyOf(notes);
  }

  /** Its file name without folders and ending, as people call it. */
  public String name() {
    String file = script.substring(script.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    boolean isClass = dot > 0 && Character.isUpperCase(file.charAt(dot + 1));
    return dot > 0 ? isClass ? file.substring(dot + 1) : file.substring(0, dot) : file;
  }

  /** What it dropped as a whole: the oids of tables, views, indexes and sequences. */
  public Set<Long> droppedRelations() {
    return dropped.stream()
        .filter(object -> object.address().isOfRelation() && object.address().part() == 0)
        .map(object -> object.address().object())
        .collect(Collectors.toSet());
  }

  /** The strongest lock on a relation; empty when there was none. */
  public Optional<LockMode> strongest(long relation) {
    return locks.stream()
        .filter(lock -> lock.relation().address().equals(ObjectAddress.relation(relation)))
        .map(RelationLock::strongest)
        .findFirst();
  }
}
