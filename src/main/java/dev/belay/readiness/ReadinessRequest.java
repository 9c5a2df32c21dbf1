package dev.belay.readiness;

import dev.belay.config.AppSettings;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is to be looked at.
 *
 * @param apps whose migrations should have a way back
 * @param leftOut what is not asked, such as {@link Topic#BACKUP} by whoever makes one anyway
 */
public record ReadinessRequest(List<AppSettings> apps, Set<Topic> leftOut) {
  public ReadinessRequest {
    apps = List.copyOf(apps);
    leftOut = Set.copyOf(leftOut);
  }

  /** Everything, for these apps. */
  public static ReadinessRequest of(List<AppSettings> apps) {
    return new ReadinessRequest(apps, Set.of());
  }

  /** The same without those topics. */
  public ReadinessRequest without(Topic... topics) {
    EnumSet<Topic> all = EnumSet.noneOf(Topic.class);
    all.addAll(leftOut);
    all.addAll(List.of(topics));
    return new ReadinessRequest(apps, all);
  }

  /** Whether that is to be looked at. */
  boolean asks(Topic topic) {
    return !leftOut.contains(topic);
  }
}
