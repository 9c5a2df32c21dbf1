package dev.belay.batch;

import java.util.List;
import java.util.Optional;

/**
 * How far one statement is, as the ledger has it.
 *
 * @param step its number, from 0
 * @param table as {@code schema.table}
 * @param rowsInAll rows that the table had, or about so many, when it was begun
 * @param pass 1, or 2 while it goes over all rows once more
 * @param lastKey the key of the last row that is done in this pass; empty: none
 * @param keysDone rows of the table that batches have gone over; going over them once more does not
 *     count
 * @param rowsDone rows that the statement changed, in all passes
 * @param batchesDone batches of the first pass
 * @param finished whether it is done
 */
public record BatchProgress(
    int step,
    String script,
    int line,
    String table,
    long rowsInAll,
    int pass,
    Optional<List<String>> lastKey,
    long keysDone,
    long rowsDone,
    long batchesDone,
    boolean finished) {}
