package dev.belay.watch;

import dev.belay.core.Target;
import dev.belay.core.Units;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a watch will do, in words. */
final class WatchPlan {
  private WatchPlan() {}

  static String words(WatchSettings settings, Target target) {
    Map<Measure, Double> limits = new TreeMap<>(settings.limits());
    return "measure %s every %s%s: a breach is %d of the last %d values beyond %s"
        .formatted(
            target,
            Units.duration(settings.interval()),
            settings.length().map(length -> " for " + Units.duration(length)).orElse(""),
            settings.breaches(),
            settings.of(),
            limits.entrySet().stream()
                .map(each -> each.getKey().word() + " " + each.getKey().shown(each.getValue()))
                .collect(Collectors.joining(", ")));
  }
}
