package dev.belay.flyway;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A contradiction between the history of an app, its scripts here, and what they declare.
 *
 * @param migrations the migrations it is about, by their labels or names; empty: the table itself
 * @param files the scripts or locations it is about
 * @param what the fact, as a sentence
 * @param why how it comes to be so, as a sentence
 * @param nextStart what the next start of an application with these scripts does
 * @param ifMarkedDeleted what the next start of an application with all scripts would do, were the
 *     migration marked deleted in the history; null where nobody would do that
 */
public record Conflict(
    ConflictKind kind,
    Effect effect,
    List<String> migrations,
    List<String> files,
    String what,
    String why,
    String nextStart,
    @Nullable String ifMarkedDeleted) {

  /** What a conflict leads to, the worst first. */
  public enum Effect {
    /** Every command of Flyway fails, whatever scripts it has. */
    ALL_FAIL("all-fail"),
    /** The next start of an application with these scripts fails. */
    START_FAILS("start-fails"),
    /** It starts, and what it does or says is not what somebody meant. */
    UNSAFE("unsafe"),
    /** It starts, and nothing goes wrong. */
    NOTICE("notice");

    private final String word;

    Effect(String word) {
      this.word = word;
    }

    /** Its name for ever, in reports and JSON. */
    @JsonValue
    public String word() {
      return word;
    }
  }

  static final Comparator<Conflict> ORDER =
      Comparator.comparing(Conflict::effect).thenComparing(Conflict::kind);

  public Conflict {
    migrations = List.copyOf(migrations);
    files = List.copyOf(files);
  }

  Conflict(
      ConflictKind kind,
      NextStart.Outcome next,
      List<String> migrations,
      List<String> files,
      String what,
      String why) {
    this(kind, next.effect(), migrations, files, what, why, next.words(), null);
  }

  Conflict ifMarkedDeleted(String outcome) {
    return new Conflict(kind, effect, migrations, files, what, why, nextStart, outcome);
  }
}
