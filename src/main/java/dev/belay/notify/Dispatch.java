package dev.belay.notify;

import dev.belay.cli.Announcement;
import dev.belay.core.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whom an event concerns, and tells all of them at the same time. */
final class Dispatch {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

  /** What a delivery may take longer than it was given, before it is left alone. */
  private static final Duration GRACE = Duration.ofMillis(1_500);

  private final NotifySettings settings;
  private final Incidents incidents;
  private final Delivery delivery;

  /**
   * @param memory of what was told
   */
  Dispatch(NotifySettings settings, Memory memory) {
    this.settings = settings;
    this.incidents = new Incidents(memory);
    this.delivery = new Delivery(settings, memory);
  }

  /** One that keeps its memory beside the journals. */
  static Dispatch of(NotifySettings settings, java.nio.file.Path journal, Consumer<String> warn) {
    return new Dispatch(settings, new Memory(journal, settings.kept(), warn));
  }

  Incidents incidents() {
    return incidents;
  }

  /** The event without secrets, as part of its incident: see {@link Incidents#tie}. */
  Event tie(Event event, @Nullable Instant began, boolean resolves, boolean dry) {
    return incidents.tie(event.mapped(settings.redaction()::of), began, resolves, dry);
  }

  /**
   * Tells people.
   *
   * @param event as {@link Incidents#tie} gave it
   * @return for each channel that it concerns what became of it, in the order of the configuration
   */
  List<Told> tell(Event event, Order order) {
    List<ChannelSettings> channels = new ArrayList<>();
    Set<String> names = names(event, order);
    settings
        .channels()
        .forEach(
            (name, channel) -> {
              if (names.contains(name)) {
                channels.add(channel);
              }
            });
    List<Told> told = all(event, channels, order);
    Incident incident = event.incident();
    if (incident != null && event.action() != Action.RESOLVE && !order.dry()) {
      told.stream().filter(Told::isKnown).forEach(each -> incidents.told(incident, each.channel()));
    }
    if (!event.details().isEmpty() && !channels.isEmpty() && !order.dry()) {
      log(event, channels, told);
    }
    return told;
  }

  /** What a message left out is to be found in the log. */
  private void log(Event event, List<ChannelSettings> channels, List<Told> told) {
    boolean shortened =
        told.stream().anyMatch(each -> each.cutCharacters() > 0)
            || channels.stream().anyMatch(each -> each.details() < event.details().size());
    if (shortened) {
      Event shown = event.mapped(settings.redaction()::of);
      LOG.info("the whole of what people were told: {}", shown.title());
      shown.details().forEach(line -> LOG.info("  {}", line));
    }
  }

  private Set<String> names(Event event, Order order) {
    if (!order.channels().isEmpty()) {
      return new LinkedHashSet<>(order.channels());
    }
    Set<String> names = new LinkedHashSet<>();
    for (ChannelSettings channel : settings.channels().values()) {
      boolean waits = settings.isLater(channel.name()) && !channel.chosen();
      if (!waits && channel.wants(event)) {
        names.add(channel.name());
      }
    }
    Incident incident = event.incident();
    if (incident != null) {
      names.addAll(
          event.action() == Action.RESOLVE
              ? incident.told()
              : settings.due(incident.age(event.at())));
    }
    return names;
  }

  private List<Told> all(Event event, List<ChannelSettings> channels, Order order) {
    Deadline deadline = Deadline.in(order.time());
    List<FutureTask<Told>> tasks = new ArrayList<>();
    for (ChannelSettings channel : channels) {
      FutureTask<Told> task =
          new FutureTask<>(() -> delivery.tell(event, channel, order, deadline));
      Thread thread = new Thread(task, "notify-" + channel.name());
      thread.setDaemon(true);
      thread.start();
      tasks.add(task);
    }
    List<Told> told = new ArrayList<>();
    for (int each = 0; each < tasks.size(); each++) {
      told.add(ended(tasks.get(each), channels.get(each), deadline));
    }
    return told;
  }

  private static Told ended(FutureTask<Told> task, ChannelSettings channel, Deadline deadline) {
    try {
      return task.get(deadline.left().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      task.cancel(true);
      return Told.of(channel, Told.Outcome.FAILED, "it was not done in time");
    } catch (ExecutionException defect) {
      Throwable cause = defect.getCause();
      String name = cause == null ? "?" : cause.getClass().getSimpleName();
      return Told.of(channel, Told.Outcome.FAILED, "it cannot be used (" + name + ")");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      task.cancel(true);
      return Told.of(channel, Told.Outcome.FAILED, "belay is being ended");
    }
  }

  /**
   * Tells those whom an open incident has reached meanwhile, and who do not know of it.
   *
   * @param source of whoever looks
   */
  List<Told> escalate(Incident incident, Source source, Order order) {
    Instant now = Instant.now();
    List<String> due = new ArrayList<>(settings.due(incident.age(now)));
    due.removeAll(incident.told());
    due.retainAll(settings.channels().keySet());
    if (due.isEmpty()) {
      return List.of();
    }
    return tell(event(incident, source), order.to(due));
  }

  private static Event event(Incident incident, Source source) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("issue", incident.title());
    facts.put("state", "not resolved so far");
    facts.put("next", "belay verify-state");
    Source about =
        new Source(
            incident.target(),
            incident.environment(),
            source.command(),
            source.arguments(),
            source.run(),
            source.host(),
            source.user(),
            source.log());
    Announcement.Type type = incident.type();
    Severity severity = incident.severity();
    return Event.of(
            type,
            severity,
            "not resolved so far: " + incident.title(),
            List.of(),
            facts,
            about,
            incident.key() + ":escalated")
        .in(incident, Action.TRIGGER);
  }

  /** How long until the open incident of that target reaches more people; null: it never does. */
  @Nullable Duration untilNext(String target) {
    Incident incident = incidents.open(target).orElse(null);
    if (incident == null) {
      return null;
    }
    Duration age = incident.age(Instant.now());
    Set<String> waiting = new LinkedHashSet<>(settings.due(age));
    waiting.removeAll(incident.told());
    waiting.retainAll(settings.channels().keySet());
    if (!waiting.isEmpty()) {
      return Duration.ZERO;
    }
    Duration next = settings.next(age);
    return next == null ? null : next.minus(age);
  }
}
