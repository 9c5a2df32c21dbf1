package dev.belay.incident;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of {@code belay.log} from one moment to another.
 *
 * @param first from the beginning
 * @param leftOut so many between {@code first} and {@code last} are not shown
 * @param withinKey whether {@code last} begins in the middle of a private key
 * @param last up to the end
 */
record LogPart(Path file, List<String> first, long leftOut, boolean withinKey, List<String> last) {
  private static final int MOST_FIRST = 80;
  private static final int MOST_LAST = 320;

  /** In bytes; a report shows no more of a line anyway. */
  private static final int LONGEST_LINE = 1 << 13;

  private static final int LOOK = 1 << 18;
  private static final long WORTH_SEARCHING = 1 << 20;

  /** Several processes write to it, each its lines in order. */
  private static final Duration OUT_OF_ORDER = Duration.ofMinutes(1);

  private static final Pattern STAMP =
      Pattern.compile("(?:^|\n)(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}) - ");
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  LogPart {
    first = List.copyOf(first);
    last = List.copyOf(last);
  }

  boolean isEmpty() {
    return first.isEmpty();
  }

  /**
   * Reads them, in constant memory.
   *
   * @throws IOException when it cannot be read
   */
  static LogPart read(Path file, Instant from, Instant to) throws IOException {
    List<String> first = new ArrayList<>();
    Deque<String> last = new ArrayDeque<>();
    long[] leftOut = {0};
    KeyLines key = new KeyLines();
    each(
        file,
        from,
        to,
        LONGEST_LINE,
        line -> {
          if (first.size() < MOST_FIRST) {
            first.add(line.text());
            key.follow(line.text());
            return true;
          }
          last.add(line.text());
          if (last.size() > MOST_LAST) {
            key.follow(last.remove());
            leftOut[0]++;
          }
          return true;
        });
    return new LogPart(file, first, leftOut[0], key.isOpen(), List.copyOf(last));
  }

  /**
   * Hands over the lines of that time; one without a moment of its own, such as that of a trace,
   * belongs to the one before.
   *
   * @throws IOException when it cannot be read
   */
  static void each(Path file, Instant from, Instant to, int longest, Predicate<Lines.Line> reader)
      throws IOException {
    String begin = FORM.format(from);
    String end = FORM.format(to);
    String stop = FORM.format(to.plus(OUT_OF_ORDER));
    boolean[] within = {false};
    Lines.each(
        file,
        start(file, begin),
        longest,
        line -> {
          Matcher stamp = STAMP.matcher(line.text());
          if (stamp.lookingAt()) {
            String at = stamp.group(1);
            if (at.compareTo(stop) > 0) {
              return false;
            }
            within[0] = at.compareTo(begin) >= 0 && at.compareTo(end) <= 0;
          }
          return !within[0] || reader.test(line);
        });
  }

  /** A place in the file before which nothing is of that time; the log is written in order. */
  private static long start(Path file, String begin) throws IOException {
    long size = Files.size(file);
    if (size < WORTH_SEARCHING) {
      return 0;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long low = 0;
      long high = size;
      while (high - low > LOOK) {
        long middle = (low + high) / 2;
        ByteBuffer bytes = ByteBuffer.allocate(LOOK);
        int read = channel.read(bytes, middle);
        String text = new String(bytes.array(), 0, Math.max(0, read), StandardCharsets.UTF_8);
        Matcher stamp = STAMP.matcher(text);
        boolean found = stamp.find(Math.min(text.length(), Math.max(0, text.indexOf('\n'))));
        if (found && stamp.group(1).compareTo(begin) < 0) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
