package dev.belay.notify;

import dev.belay.core.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is in the file of {@link Memory}; never more than so much of it.
 *
 * @param sent oldest first
 * @param incidents that are open, oldest first
 */
record State(int schema, List<Sent> sent, List<Incident> incidents) {
  private static final int SCHEMA = 1;
  private static final int MOST_SENT = 1_000;
  private static final int MOST_INCIDENTS = 100;
  private static final Duration LONGEST_INCIDENT = Duration.ofDays(7);
  private static final Duration LONGEST_SENDING = Duration.ofMinutes(2);

  State {
    sent = sent == null ? List.of() : List.copyOf(sent);
    incidents = incidents == null ? List.of() : List.copyOf(incidents);
  }

  /** How far a message is. */
  enum Progress {
    /** Somebody is sending it, or died while doing so. */
    SENDING,
    SENT,
    /** The channel had enough of them. */
    HELD
  }

  /**
   * One message to one channel.
   *
   * @param severity null: it was sent by a version that did not keep it
   */
  record Sent(
      String key, String channel, Instant at, Progress progress, @Nullable Severity severity) {
    private boolean isAsGraveAs(Severity other) {
      return severity == null || severity.compareTo(other) >= 0;
    }

    private boolean counts(Instant now) {
      return progress == Progress.SENT
          || (progress == Progress.SENDING
              && Duration.between(at, now).compareTo(LONGEST_SENDING) < 0);
    }
  }

  static State empty() {
    return new State(SCHEMA, List.of(), List.of());
  }

  /**
   * Itself.
   *
   * @throws IllegalArgumentException when something is missing in it
   */
  State checked() {
    boolean whole =
        sent.stream()
                .allMatch(
                    each ->
                        each.key() != null
                            && each.channel() != null
                            && each.at() != null
                            && each.progress() != null)
            && incidents.stream()
                .allMatch(
                    each ->
                        each.id() != null
                            && each.target() != null
                            && each.began() != null
                            && each.severity() != null
                            && each.type() != null
                            && each.command() != null
                            && each.environment() != null
                            && each.title() != null);
    if (!whole) {
      throw new IllegalArgumentException("incomplete");
    }
    return this;
  }

  /** Without what is too old, or too much, to be of use. */
  State since(Instant oldest) {
    List<Sent> kept = sent.stream().filter(each -> each.at().isAfter(oldest)).toList();
    Instant begin = Instant.now().minus(LONGEST_INCIDENT);
    List<Incident> open = incidents.stream().filter(each -> each.began().isAfter(begin)).toList();
    return new State(
        SCHEMA,
        kept.subList(Math.max(0, kept.size() - MOST_SENT), kept.size()),
        open.subList(Math.max(0, open.size() - MOST_INCIDENTS), open.size()));
  }

  /** Whether it was told after that moment, or is being told. */
  boolean wasTold(String key, String channel, Instant then, Instant now) {
    return sent.stream()
        .filter(each -> each.at().isAfter(then))
        .anyMatch(
            each -> each.key().equals(key) && each.channel().equals(channel) && each.counts(now));
  }

  /** Whether it is not only being sent. */
  boolean isSent(String key, String channel) {
    return sent.stream()
        .anyMatch(
            each ->
                each.key().equals(key)
                    && each.channel().equals(channel)
                    && each.progress() == Progress.SENT);
  }

  /** Messages to a channel since then that are at least as grave. */
  long countSince(String channel, Severity least, Instant then, Instant now) {
    return sent.stream()
        .filter(each -> each.channel().equals(channel) && each.at().isAfter(then))
        .filter(each -> each.counts(now) && each.isAsGraveAs(least))
        .count();
  }

  /** Messages that a channel was spared, and that nobody told it of since. */
  long held(String channel) {
    return sent.stream()
        .filter(each -> each.channel().equals(channel) && each.progress() == Progress.HELD)
        .count();
  }

  State with(String key, String channel, Instant at, Progress progress, Severity severity) {
    return with(
        other -> !(other.key().equals(key) && other.channel().equals(channel)),
        new Sent(key, channel, at, progress, severity));
  }

  private State with(Predicate<Sent> kept, Sent added) {
    return new State(
        schema, Stream.concat(sent.stream().filter(kept), Stream.of(added)).toList(), incidents);
  }

  State without(Predicate<Sent> gone) {
    return new State(schema, sent.stream().filter(gone.negate()).toList(), incidents);
  }

  Optional<Incident> open(String target) {
    return incidents.stream().filter(each -> each.target().equals(target)).findFirst();
  }

  Optional<Incident> byId(String id) {
    return incidents.stream().filter(each -> each.id().equals(id)).findFirst();
  }

  /** With that incident in the place of the one of the same target, or as a new one. */
  State with(Incident incident) {
    List<Incident> all = new ArrayList<>();
    boolean replaced = false;
    for (Incident each : incidents) {
      boolean same = Objects.equals(each.target(), incident.target());
      all.add(same ? incident : each);
      replaced |= same;
    }
    if (!replaced) {
      all.add(incident);
    }
    return new State(schema, sent, all);
  }

  State withoutIncident(String target) {
    return new State(
        schema, sent, incidents.stream().filter(each -> !each.target().equals(target)).toList());
  }
}
