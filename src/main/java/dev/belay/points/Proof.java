package dev.belay.points;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;
import dev.belay.dataset.ExportedTable;
import dev.belay.dataset.LiveTable;
import dev.belay.integrity.Fingerprints;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Proves, before the commit, that the tables are what they were at the point. */
final class Proof {
  private final Progress progress;

  Proof(Progress progress) {
    this.progress = progress;
  }

  /**
   * Compares fingerprints.
   *
   * @return whether every table was proven; false where that cannot be, such as without a record
   * @throws Failure FAILED when a table is not as at the point; then nothing is committed
   */
  boolean prove(Database session, StoredPoint point, ExecuteRequest request, PointScope scope) {
    if (request.type() == ExecutionType.PARTIAL || point.record().isEmpty()) {
      return false;
    }
    PointRecord record = point.record().get();
    if (!record.form().equals(Fingerprints.FORM)
        || !record.probe().equals(Fingerprints.probe(session))) {
      progress.warn("fingerprints of this server cannot be compared with those of the point");
      return false;
    }
    Map<TableName, PointTable> then = new HashMap<>();
    record.tables().forEach(table -> then.put(table.name(), table));
    List<TableName> comparable = new ArrayList<>();
    boolean all = true;
    for (Map.Entry<ExportedTable, LiveTable> each : scope.tables().entrySet()) {
      TableName name = each.getValue().name();
      PointTable table = then.get(each.getKey().name());
      if (table == null || table.fingerprint().isEmpty() || scope.reshaped().contains(name)) {
        all = false;
      } else {
        comparable.add(name);
      }
    }
    progress.step("proving that the tables are as at the point");
    for (Map.Entry<TableName, Optional<Fingerprint>> now :
        Contents.of(session, comparable, progress).entrySet()) {
      PointTable table = then.get(now.getKey());
      if (now.getValue().isEmpty() || table == null) {
        all = false;
      } else {
        Fingerprint found = now.getValue().get();
        if (found.rows() != table.rows()
            || !found.sum().equals(table.fingerprint().orElse(found.sum()))) {
          throw Failure.failed(
              "table %s would not be as at the point: a trigger changed what was written"
                  .formatted(now.getKey().plain()),
              ExecutePoint.WITHOUT_TRIGGERS);
        }
      }
    }
    return all;
  }
}
