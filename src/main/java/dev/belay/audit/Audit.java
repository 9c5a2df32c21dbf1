package dev.belay.audit;

import dev.belay.journal.AuditRecord;
import dev.belay.journal.AuditTrail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the audit trail. Reaches no server and changes nothing. */
final class Audit {
  private final AuditTrail trail;

  Audit(AuditTrail trail) {
    this.trail = trail;
  }

  /**
   * The newest operations.
   *
   * @param limit so many at most
   * @param since those that began then or later; empty: all
   */
  AuditReport list(int limit, Optional<Instant> since) {
    List<AuditedOperation> found = new ArrayList<>();
    // What comes after a beginning is read before it, and let go with it.
    Map<Long, AuditRecord> ends = new HashMap<>();
    Map<Long, List<String>> plans = new HashMap<>();
    boolean[] more = {false};
    long unreadable =
        trail.backwards(
            record -> {
              boolean older = since.isPresent() && record.at().isBefore(since.get());
              switch (record.event()) {
                case AuditRecord.ENDED -> {
                  if (record.of() != null) {
                    ends.put(record.of(), record);
                  }
                  return true;
                }
                case AuditRecord.AGREED -> {
                  if (record.of() != null && record.plan() != null) {
                    plans.computeIfAbsent(record.of(), of -> new ArrayList<>()).add(record.plan());
                  }
                  return true;
                }
                case AuditRecord.BEGUN -> {}
                case AuditRecord.RECOVERED -> {}
                default -> {
                  return true;
                }
              }
              if (older || found.size() == limit) {
                more[0] = true;
                return false;
              }
              found.add(operation(record, ends, plans));
              return true;
            });
    Collections.reverse(found);
    return new AuditReport(
        trail.file().toString(), found, more[0], unreadable, trail.head().orElse(null));
  }

  private static AuditedOperation operation(
      AuditRecord record, Map<Long, AuditRecord> ends, Map<Long, List<String>> plans) {
    if (record.event().equals(AuditRecord.RECOVERED)) {
      return AuditedOperation.recovered(record);
    }
    List<String> agreed = plans.getOrDefault(record.sequence(), new ArrayList<>());
    if (record.plan() != null) {
      agreed.add(record.plan());
    }
    Collections.reverse(agreed);
    plans.remove(record.sequence());
    return AuditedOperation.of(record, ends.remove(record.sequence()), agreed);
  }

  AuditVerifyReport verify(Optional<String> keptHead) {
    return AuditVerifyReport.of(trail.file().toString(), trail.verify(keptHead));
  }
}
