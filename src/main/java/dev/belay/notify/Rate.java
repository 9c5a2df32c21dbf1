package dev.belay.notify;

import dev.belay.core.Failure;
import dev.belay.core.Units;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** No more than so many messages in so long a time. */
record Rate(int most, Duration time) {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,6})\\s*/\\s*(\\d{1,6}\\s*)?(s|m|h|d|sec|min|hour|day)");
  private static final Duration LONGEST = Duration.ofDays(7);

  /**
   * Reads {@code 10/h} or {@code 3/15m}.
   *
   * @throws Failure USAGE when it is neither
   */
  static Rate parse(String text, String where) {
    Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      int most = Integer.parseInt(matcher.group(1));
      String number = matcher.group(2) == null ? "1" : matcher.group(2).strip();
      Duration time = Units.parseDuration(number + matcher.group(3).charAt(0));
      if (most > 0 && !time.isZero() && time.compareTo(LONGEST) <= 0) {
        return new Rate(most, time);
      }
    }
    throw Failure.usage(
        where + " is '" + text + "', not messages per time", "write for example rateLimit: 10/h");
  }

  @Override
  public String toString() {
    return most + " in " + Units.duration(time);
  }
}
