package dev.belay.scratch;

import dev.belay.core.TableName;

/**
 * The strongest lock that a transaction had on a table which was there before it.
 *
 * @param millis from the begin of the statement that took it to the end of the transaction
 */
public record HeldLock(TableName table, LockMode mode, long millis) {}
