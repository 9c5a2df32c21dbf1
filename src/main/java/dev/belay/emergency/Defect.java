package dev.belay.emergency;

import dev.belay.core.Failure;
import java.util.Collection;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What breaks in Belay itself while the rest of an emergency goes on. */
final class Defect {
  static final String HINT = "report it with the end of belay.log";

  private static final Logger LOG = LoggerFactory.getLogger(Defect.class);

  private Defect() {}

  /** What to say of it; where it broke is in the log. */
  static String words(String what, Throwable defect) {
    LOG.error("{} broke", what, defect);
    return "a defect of belay: " + defect;
  }

  /**
   * What the work gives.
   *
   * @param what is worked out, in words
   * @param otherwise what it gives where it breaks
   * @param unknown is told why
   */
  static <T> T caught(String what, T otherwise, Collection<String> unknown, Supplier<T> work) {
    try {
      return work.get();
    } catch (Failure failure) {
      unknown.add("%s could not be worked out: %s".formatted(what, failure.message()));
    } catch (RuntimeException | Error defect) {
      unknown.add("%s could not be worked out: %s; %s".formatted(what, words(what, defect), HINT));
    }
    return otherwise;
  }
}
