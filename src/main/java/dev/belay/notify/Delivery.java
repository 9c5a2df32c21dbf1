package dev.belay.notify;

import dev.belay.core.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings one event to one channel, or to the one that stands in for it; never twice. */
final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private final NotifySettings settings;
  private final Memory memory;
  private final Composer composer;

  Delivery(NotifySettings settings, Memory memory) {
    this.settings = settings;
    this.memory = memory;
    this.composer = new Composer(settings.redaction(), settings.commander());
  }

  /** Whether a message may be sent. */
  private enum Claim {
    OURS,
    /** Another run is sending it, and may fail. */
    IN_HAND,
    TOLD,
    HELD
  }

  /** Tells that channel; whatever goes wrong is in the answer. */
  Told tell(Event event, ChannelSettings channel, Order order, Deadline deadline) {
    return tell(event, channel, order, deadline, new LinkedHashSet<>());
  }

  private Told tell(
      Event event, ChannelSettings channel, Order order, Deadline deadline, Set<String> tried) {
    tried.add(channel.name());
    long begin = System.nanoTime();
    if (!order.dry() && !order.test()) {
      Claim claim = claim(event, channel);
      if (claim == Claim.TOLD) {
        return Told.of(channel, Told.Outcome.ALREADY_TOLD, null);
      }
      if (claim == Claim.IN_HAND) {
        return Told.of(channel, Told.Outcome.ALREADY_TOLD, "another run is just telling it");
      }
      if (claim == Claim.HELD) {
        return Told.of(
            channel,
            Told.Outcome.HELD_BACK,
            "it had its " + channel.rate().map(Rate::toString).orElse("") + " (rateLimit)");
      }
    }
    Composer.Composed composed =
        composer.compose(
            order.test() ? event : withHeld(event, channel),
            channel,
            order.template(),
            "when something changes");
    if (order.dry()) {
      return Told.of(channel, Told.Outcome.DRY_RUN, null)
          .with(Duration.ZERO, composed.problem(), composed.cut());
    }
    Told told = send(event, channel, order, deadline, tried, composed);
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    return told.with(time, composed.problem(), composed.cut());
  }

  private Told send(
      Event event,
      ChannelSettings channel,
      Order order,
      Deadline deadline,
      Set<String> tried,
      Composer.Composed composed) {
    ChannelSettings other =
        order.test()
            ? null
            : channel
                .fallback()
                .filter(name -> !tried.contains(name))
                .map(settings::channel)
                .orElse(null);
    Retrying retrying =
        order.hurried() ? new Retrying(1, channel.retrying().pause()) : channel.retrying();
    Effort effort = new Effort(retrying, channel.timeout(), deadline.shared(other == null ? 1 : 2));
    String reason;
    try {
      String note = channel.channel().send(composed.message(), effort);
      if (!order.test()) {
        settle(event, channel, true);
      }
      return Told.of(channel, Told.Outcome.DELIVERED, note.isEmpty() ? null : shown(note));
    } catch (Undelivered lost) {
      reason = shown(lost.reason());
    } catch (RuntimeException | LinkageError | OutOfMemoryError defect) {
      // Its text may quote a request, so only its name is kept.
      LOG.error("channel {} failed by {} at {}", channel.name(), defect.getClass(), where(defect));
      reason = "it cannot be used (" + defect.getClass().getSimpleName() + ")";
    }
    if (!order.test()) {
      settle(event, channel, false);
    }
    Told failed = Told.of(channel, Told.Outcome.FAILED, reason);
    if (other == null) {
      return failed;
    }
    Told instead = tell(event, other, order, deadline, tried);
    return instead.reached()
        ? failed.by(instead.fallback() == null ? other.name() : instead.fallback())
        : failed;
  }

  private static String where(Throwable defect) {
    StackTraceElement[] trace = defect.getStackTrace();
    return trace.length == 0 ? "?" : trace[0].toString();
  }

  private String shown(String reason) {
    return Composer.oneLine(settings.redaction().of(reason));
  }

  private Claim claim(Event event, ChannelSettings channel) {
    Instant now = Instant.now();
    return memory.change(
        state -> {
          Instant then = now.minus(settings.remembered());
          if (state.wasTold(event.remembered(), channel.name(), then, now)) {
            boolean done = state.isSent(event.remembered(), channel.name());
            return new Memory.Change<>(state, done ? Claim.TOLD : Claim.IN_HAND);
          }
          boolean urgent =
              event.severity() == Severity.CRITICAL || event.action() == Action.RESOLVE;
          boolean enough =
              !urgent
                  && channel
                      .rate()
                      .map(
                          rate ->
                              state.countSince(
                                      channel.name(), event.severity(), now.minus(rate.time()), now)
                                  >= rate.most())
                      .orElse(false);
          State.Progress progress = enough ? State.Progress.HELD : State.Progress.SENDING;
          return new Memory.Change<>(
              state.with(event.remembered(), channel.name(), now, progress, event.severity()),
              enough ? Claim.HELD : Claim.OURS);
        });
  }

  /** A message that failed is forgotten, so that the same event is told when it comes again. */
  private void settle(Event event, ChannelSettings channel, boolean sent) {
    memory.change(
        state -> {
          State rest =
              state.without(
                  each ->
                      each.channel().equals(channel.name())
                          && (each.key().equals(event.remembered())
                              || (sent && each.key().equals(event.opposite()))
                              || (sent && each.progress() == State.Progress.HELD)));
          return new Memory.Change<>(
              sent
                  ? rest.with(
                      event.remembered(),
                      channel.name(),
                      Instant.now(),
                      State.Progress.SENT,
                      event.severity())
                  : rest,
              sent);
        });
  }

  /** What was held back before is said with the next one that is not. */
  private Event withHeld(Event event, ChannelSettings channel) {
    if (channel.rate().isEmpty()) {
      return event;
    }
    long held = memory.look().held(channel.name());
    if (held == 0) {
      return event;
    }
    Map<String, String> facts = new LinkedHashMap<>(event.facts());
    facts.put("held back before", held + " messages to this channel");
    return new Event(
        event.type(),
        event.severity(),
        event.title(),
        event.details(),
        facts,
        event.source(),
        event.at(),
        event.key(),
        event.action(),
        event.incident());
  }
}
