package dev.belay.rehearse;

import dev.belay.core.TableName;
import java.util.List;
import java.util.Optional;

/**
 * What the probe does with one table, as an application with its columns by name would.
 *
 * @param read a statement that reads one row, with a parameter for each value of a key
 * @param write one that sets a row's columns to what they are, likewise; empty: it cannot be
 *     written so
 * @param keys some keys, each value as text; empty: the statements have no parameters
 */
record ProbeTable(TableName name, String read, Optional<String> write, List<List<String>> keys) {
  ProbeTable {
    keys = List.copyOf(keys);
  }

  /** The parameters of the statement of that number. */
  Object[] key(long number) {
    return keys.isEmpty() ? new Object[0] : keys.get((int) (number % keys.size())).toArray();
  }
}
