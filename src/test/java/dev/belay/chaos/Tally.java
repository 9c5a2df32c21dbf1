package dev.belay.chaos;

import java.util.Map;
import java.util.TreeMap;

/** How many incidents were played, and in how many of them the fault struck before the end. */
final class Tally {
  private final Map<String, int[]> counts = new TreeMap<>();
  private int played;
  private int struck;

  void add(Deed deed, Fault fault, boolean met) {
    played++;
    struck += met ? 1 : 0;
    for (String name : new String[] {"deed " + deed, "fault " + fault}) {
      int[] count = counts.computeIfAbsent(name, ignored -> new int[2]);
      count[0]++;
      count[1] += met ? 1 : 0;
    }
  }

  int played() {
    return played;
  }

  int struck() {
    return struck;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("%d incidents, %d struck".formatted(played, struck));
    counts.forEach(
        (name, count) -> text.append("%n  %s: %d of %d".formatted(name, count[1], count[0])));
    return text.toString();
  }
}
