package dev.belay.watch;

import dev.belay.cli.Announcement;
import dev.belay.cli.Progress;
import dev.belay.core.Severity;
import dev.belay.core.Target;
import dev.belay.core.Units;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells of breaches when they begin and when they are over, and pulls the triggers for them. */
final class BreachResponse {
  private final Target target;
  private final WatchSettings settings;
  private final Progress progress;
  private final Watching watching;
  private final Triggers pulling;
  private final boolean announces;
  private final Map<Measure, CoolDown> quiet = new EnumMap<>(Measure.class);
  private final Set<Measure> told = EnumSet.noneOf(Measure.class);
  private final Set<Measure> pulled = EnumSet.noneOf(Measure.class);
  private final Set<Measure> warned = EnumSet.noneOf(Measure.class);
  private final CoolDown coolDown;

  /**
   * @param target as people are told of it
   * @param announces whether people are told, as the configuration says
   */
  BreachResponse(
      Target target,
      WatchSettings settings,
      Progress progress,
      Watching watching,
      Triggers pulling,
      boolean announces) {
    this.target = target;
    this.settings = settings;
    this.progress = progress;
    this.watching = watching;
    this.pulling = pulling;
    this.announces = announces;
    this.coolDown = new CoolDown(settings.coolDown());
    settings.limits().keySet().forEach(each -> quiet.put(each, new CoolDown(settings.coolDown())));
  }

  /** Tells what began or ended just now, and acts on all that is breached. */
  void to(List<Watching.Event> events) {
    for (Watching.Event event : events) {
      if (event.change() == Window.Change.BEGAN) {
        progress.warn("breached: " + event.breach().words());
      } else {
        over(event.breach());
      }
    }
    for (Measure measure : settings.limits().keySet()) {
      warnOfBefore(measure);
      watching.open(measure).ifPresent(breach -> act(measure, breach));
    }
  }

  /** What was so when the watch began is not shown to come of the migration. */
  private void warnOfBefore(Measure measure) {
    if (watching.isFromBefore(measure) && pulling.canUndo(measure) && warned.add(measure)) {
      progress.warn(
          "%s is beyond its limit already: that undoes nothing until it has been within it for %d"
                  .formatted(measure.word(), settings.of())
              + " values");
    }
  }

  /** A breach that falls into a cool-down is acted on afterwards, if it is still one then. */
  private void act(Measure measure, Breach breach) {
    long now = System.nanoTime();
    CoolDown own = quiet.get(measure);
    List<Trigger> concerned = pulling.concerned(measure, watching.isFromBefore(measure));
    if (announces && own != null && !told.contains(measure) && own.allows(now)) {
      told.add(measure);
      announce(
          Severity.ERROR,
          "%s of %s is beyond its limit: %s".formatted(measure.word(), target, breach.words()),
          breach,
          concerned);
    }
    if (!pulled.contains(measure) && !concerned.isEmpty() && coolDown.allows(now)) {
      pulled.add(measure);
      pulling.pull(concerned, breach, () -> watching.lasts(breach));
    }
  }

  private void over(Breach breach) {
    Measure measure = breach.measure();
    Duration lasted =
        Duration.between(
            breach.beganAt(), breach.endedAt() == null ? breach.beganAt() : breach.endedAt());
    String words =
        "%s is within its limit again, after %s with a peak of %s"
            .formatted(measure.word(), Units.duration(lasted), measure.shown(breach.peak()));
    progress.step(words);
    pulled.remove(measure);
    if (told.remove(measure) && announces) {
      Map<String, String> facts = new LinkedHashMap<>(facts(breach));
      facts.put(Announcement.STILL_BREACHED, stillBreached());
      progress.announce(
          new Announcement(
              Announcement.Type.THRESHOLD_BREACHED,
              Severity.INFO,
              "%s: %s".formatted(target, words),
              facts));
    }
  }

  private String stillBreached() {
    String words =
        settings.limits().keySet().stream()
            .filter(measure -> watching.open(measure).isPresent())
            .map(Measure::word)
            .collect(Collectors.joining(", "));
    return words.isEmpty() ? Announcement.NOTHING : words;
  }

  private void announce(Severity severity, String title, Breach breach, List<Trigger> concerned) {
    Map<String, String> facts = new LinkedHashMap<>(facts(breach));
    if (!concerned.isEmpty()) {
      facts.put("trigger", Triggers.words(concerned));
    }
    progress.announce(
        new Announcement(Announcement.Type.THRESHOLD_BREACHED, severity, title, facts));
  }

  private Map<String, String> facts(Breach breach) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("database", target.toString());
    facts.put("threshold", breach.threshold());
    facts.put("limit", breach.measure().shown(breach.limit()));
    facts.put("value", breach.measure().shown(breach.value()));
    facts.put("peak", breach.measure().shown(breach.peak()));
    facts.put("since", Units.moment(breach.beganAt()));
    return facts;
  }
}
