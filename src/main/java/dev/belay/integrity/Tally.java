package dev.belay.integrity;

import dev.belay.core.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Counts all findings of one check and keeps the first of them. May be used by several threads. */
final class Tally {
  private final Check check;
  private final int most;
  private final TreeMap<String, Finding> findings = new TreeMap<>();
  private final List<Unchecked> unchecked = new ArrayList<>();
  private long count;
  private long findingCount;
  private long uncheckedCount;
  private long nanos;

  /**
   * @param most how many findings are kept
   */
  Tally(Check check, int most) {
    this.check = check;
    this.most = most;
  }

  Check check() {
    return check;
  }

  synchronized void add(Finding finding) {
    count += finding.rows();
    findingCount++;
    findings.put(finding.place() + " " + findingCount, finding);
    if (findings.size() > most) {
      findings.pollLastEntry();
    }
  }

  /** Findings that are not sent one by one. */
  synchronized void addUnseen(long number, long rows) {
    findingCount += number;
    count += rows;
  }

  synchronized void add(Unchecked one) {
    uncheckedCount++;
    if (unchecked.size() < most) {
      unchecked.add(one);
    }
  }

  void add(String what, Failure failure) {
    add(new Unchecked(what, failure.message(), failure.hint()));
  }

  /** Moves everything over; for what must count whole or not at all. */
  void into(Tally other) {
    CheckResult mine = result();
    mine.findings().forEach(other::add);
    long seen = mine.findings().stream().mapToLong(Finding::rows).sum();
    other.addUnseen(mine.findingCount() - mine.findings().size(), mine.count() - seen);
  }

  synchronized void took(long moreNanos) {
    nanos += moreNanos;
  }

  synchronized CheckResult result() {
    return new CheckResult(
        check,
        count,
        List.copyOf(findings.values()),
        findingCount,
        unchecked,
        uncheckedCount,
        Duration.ofNanos(nanos));
  }
}
