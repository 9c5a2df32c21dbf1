package dev.belay.notify;

import dev.belay.core.Failure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong in the configuration, found in one go. */
final class Problems {
  private final List<String> messages = new ArrayList<>();
  private final Set<String> hints = new LinkedHashSet<>();

  /** One that is wrong, with one thing to do about it. */
  void add(String message, String hint) {
    messages.add(message);
    hints.add(hint);
  }

  void add(Failure failure) {
    add(failure.message(), failure.hint());
  }

  /** What the reading gives; null when it found something wrong, which is noted. */
  <T> @Nullable T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Failure wrong) {
      add(wrong);
      return null;
    }
  }

  /** What the reading gives; the fallback when it found something wrong, which is noted. */
  <T> T read(Supplier<T> reading, T fallback) {
    T read = read(reading);
    return read == null ? fallback : read;
  }

  int count() {
    return messages.size();
  }

  boolean none() {
    return messages.isEmpty();
  }

  List<String> messages() {
    return List.copyOf(messages);
  }

  List<String> hints() {
    return List.copyOf(hints);
  }
}
