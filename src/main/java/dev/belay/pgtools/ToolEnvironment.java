package dev.belay.pgtools;

import dev.belay.postgres.LibpqEnvironment;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The environment of the tools: libpq's, in English so that complaints can be understood. */
final class ToolEnvironment {
  private ToolEnvironment() {}

  /** The variables to set. */
  static Map<String, String> with(Map<String, String> libpq, Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(libpq);
    all.putAll(more);
    all.put("LC_ALL", "C");
    return Collections.unmodifiableMap(all);
  }

  /** The variables that must not be inherited. */
  static Set<String> removed() {
    Set<String> names = new HashSet<>(LibpqEnvironment.removed());
    names.add("LANGUAGE");
    return names;
  }
}
