package dev.belay.readiness;

import dev.belay.core.Identifier;
import dev.belay.core.Units;
import dev.belay.postgres.ServerInfo;
import dev.belay.readiness.ReplicationQueries.Slot;
import dev.belay.readiness.ReplicationQueries.Standby;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Whether those that follow this server keep up: a restore writes the whole database once more, and
 * that must go to all of them.
 */
final class ReplicationPoints {
  private ReplicationPoints() {}

  static Point standbys(Look look) {
    Limits limits = look.limits();
    String limit =
        "none behind by more than %s or %s"
            .formatted(
                Units.duration(limits.replicationLag()), Units.bytes(limits.replicationBytes()));
    if (ServerInfo.of(look.database()).inRecovery()) {
      return Point.notChecked(
          Topic.REPLICATION, "the server is a standby itself", "name the primary with --url");
    }
    List<Standby> all = ReplicationQueries.standbys(look.database());
    List<String> behind = new ArrayList<>();
    long hidden = 0;
    for (Standby each : all) {
      Long bytes = each.bytes();
      if (bytes == null) {
        hidden++;
      } else if (bytes > limits.replicationBytes()
          || each.millis() > limits.replicationLag().toMillis()) {
        behind.add(
            "%s (%s): %s, %s behind"
                .formatted(
                    each.name(),
                    each.state(),
                    Units.bytes(bytes),
                    Units.duration(Duration.ofMillis(each.millis()))));
      }
    }
    if (!behind.isEmpty()) {
      return Point.failed(
          Topic.REPLICATION,
          "%d of %s behind".formatted(behind.size(), count(all)),
          limit,
          behind,
          "wait until they have caught up, or see why they do not");
    }
    if (hidden > 0) {
      return Point.notChecked(
          Topic.REPLICATION,
          "of %d of %s this role may not see how far they are".formatted(hidden, count(all)),
          "grant pg_read_all_stats to " + new Identifier(look.target().user()));
    }
    return Point.passed(
        Topic.REPLICATION, all.isEmpty() ? "no standbys" : count(all) + ", none behind", limit);
  }

  private static String count(List<Standby> all) {
    return Units.count(all.size(), "standby", "standbys");
  }

  static Point slots(Look look) {
    long most = look.limits().slotBytes();
    String limit = "none that nobody reads keeps more than " + Units.bytes(most);
    if (ServerInfo.of(look.database()).inRecovery()) {
      return Point.notChecked(
          Topic.REPLICATION_SLOTS, "the server is a standby itself", "name the primary with --url");
    }
    List<Slot> all = ReplicationQueries.slots(look.database());
    List<Slot> unread = all.stream().filter(slot -> !slot.active()).toList();
    List<String> words = unread.stream().map(ReplicationPoints::words).toList();
    String value =
        "%s, %d that nobody reads"
            .formatted(Units.count(all.size(), "slot", "slots"), unread.size());
    String hint = "start its reader, or: select pg_drop_replication_slot('<name>')";
    if (unread.stream().anyMatch(slot -> Objects.requireNonNullElse(slot.bytes(), 0L) > most)) {
      return Point.failed(Topic.REPLICATION_SLOTS, value, limit, words, hint);
    }
    return unread.isEmpty()
        ? Point.passed(Topic.REPLICATION_SLOTS, all.isEmpty() ? "no slots" : value, limit)
        : Point.warning(Topic.REPLICATION_SLOTS, value, limit, words, hint);
  }

  private static String words(Slot slot) {
    Long bytes = slot.bytes();
    return slot.name()
        + (bytes == null ? " keeps nothing" : " keeps " + Units.bytes(bytes))
        + slot.status()
            .filter(status -> status.equals("lost"))
            .map(s -> ", and is lost")
            .orElse("");
  }
}
