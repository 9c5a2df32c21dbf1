package dev.belay.notify;

import dev.belay.core.Units;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of one message to one channel.
 *
 * @param place where it goes, without secrets
 * @param reason why it was not delivered, or what else should be known; null: nothing
 * @param fallback the channel that was told in its place; null: none
 * @param durationMillis all tries together
 * @param template what was wrong with the template, so that the plain text was sent; null: nothing
 * @param cutCharacters that were left out
 */
public record Told(
    String channel,
    String type,
    String place,
    Outcome outcome,
    @Nullable String reason,
    @Nullable String fallback,
    long durationMillis,
    @Nullable String template,
    int cutCharacters) {

  /** How it ended. */
  public enum Outcome {
    DELIVERED,
    /** It failed, and the fallback was told. */
    BY_FALLBACK,
    /** It was told of the same event before. */
    ALREADY_TOLD,
    /** It had as many messages as its rate limit allows. */
    HELD_BACK,
    FAILED,
    /** It would have been sent. */
    DRY_RUN
  }

  static Told of(ChannelSettings channel, Outcome outcome, @Nullable String reason) {
    return new Told(
        channel.name(),
        channel.kind().word(),
        channel.channel().place(),
        outcome,
        reason,
        null,
        0,
        null,
        0);
  }

  Told with(Duration time, String problem, int cut) {
    return new Told(
        channel,
        type,
        place,
        outcome,
        reason,
        fallback,
        time.toMillis(),
        problem.isEmpty() ? null : problem,
        cut);
  }

  Told by(String other) {
    return new Told(
        channel,
        type,
        place,
        Outcome.BY_FALLBACK,
        reason,
        other,
        durationMillis,
        template,
        cutCharacters);
  }

  /** Whether somebody was told, now or before. */
  boolean reached() {
    return outcome == Outcome.DELIVERED
        || outcome == Outcome.BY_FALLBACK
        || outcome == Outcome.ALREADY_TOLD;
  }

  /** Whether somebody certainly knows. */
  boolean isKnown() {
    return reached() && !(outcome == Outcome.ALREADY_TOLD && reason != null);
  }

  /** The line for a person. */
  String line() {
    String name = "%s (%s, %s)".formatted(channel, type, place);
    return switch (outcome) {
      case DELIVERED ->
          "told %s in %s%s"
              .formatted(
                  name,
                  Units.duration(Duration.ofMillis(durationMillis)),
                  reason == null ? "" : ", but " + reason);
      case BY_FALLBACK -> "told %s in place of %s: %s".formatted(fallback, name, reason);
      case ALREADY_TOLD -> name + (reason == null ? " was told of this before" : ": " + reason);
      case HELD_BACK -> "not told " + name + ": " + reason;
      case FAILED -> "not told " + name + ": " + reason;
      case DRY_RUN -> "would tell " + name;
    };
  }
}
