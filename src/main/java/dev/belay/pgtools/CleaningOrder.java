package dev.belay.pgtools;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The order of an archive's entries in which the indexes of partitions come before those of their
 * partitioned tables. Creating them is possible in either order, since an entry of its own attaches
 * them afterwards; dropping them, in reverse, only in this one.
 */
final class CleaningOrder {
  private static final String ATTACH = "INDEX ATTACH ";
  private static final List<String> INDEXES = List.of("INDEX ", "CONSTRAINT ");
  private static final List<String> BEFORE_INDEXES =
      List.of("TABLE", "TABLE ATTACH", "TABLE DATA", "SEQUENCE SET");

  private CleaningOrder() {}

  static List<Contents.Entry> of(List<Contents.Entry> entries) {
    Set<String> attached = new HashSet<>();
    entries.stream()
        .map(Contents.Entry::text)
        .filter(text -> text.startsWith(ATTACH))
        .forEach(text -> attached.add(withoutOwner(text.substring(ATTACH.length()))));
    if (attached.isEmpty()) {
      return entries;
    }
    // An index that something before the data needs stays where it is, before the data.
    int begin = afterData(entries);
    List<Contents.Entry> ordered = new ArrayList<>(entries.subList(0, begin));
    List<Contents.Entry> rest = entries.subList(begin, entries.size());
    rest.stream().filter(entry -> isAttached(entry, attached)).forEach(ordered::add);
    rest.stream().filter(entry -> !isAttached(entry, attached)).forEach(ordered::add);
    return ordered;
  }

  private static int afterData(List<Contents.Entry> entries) {
    int after = 0;
    for (int index = 0; index < entries.size(); index++) {
      if (BEFORE_INDEXES.stream().anyMatch(entries.get(index)::is)) {
        after = index + 1;
      }
    }
    return after;
  }

  /**
   * Names are not quoted there, so each way to read them is tried: {@code INDEX schema index
   * owner}, {@code CONSTRAINT schema table index owner}. Taking one for another's moves it among
   * its like.
   */
  private static boolean isAttached(Contents.Entry entry, Set<String> attached) {
    for (String kind : INDEXES) {
      if (entry.text().startsWith(kind)) {
        String names = withoutOwner(entry.text().substring(kind.length()));
        return attached.contains(names)
            || (kind.equals("CONSTRAINT ") && anyTable(names, attached));
      }
    }
    return false;
  }

  /** A partition may be of another role than the table, and old programs name none. */
  private static String withoutOwner(String names) {
    int blank = names.lastIndexOf(' ');
    return blank < 0 ? names : names.substring(0, blank);
  }

  /** Leaves the table out, from any blank to any later one. */
  private static boolean anyTable(String names, Set<String> attached) {
    for (int from = names.indexOf(' '); from >= 0; from = names.indexOf(' ', from + 1)) {
      for (int to = names.indexOf(' ', from + 1); to >= 0; to = names.indexOf(' ', to + 1)) {
        if (attached.contains(names.substring(0, from) + names.substring(to))) {
          return true;
        }
      }
    }
    return false;
  }
}
