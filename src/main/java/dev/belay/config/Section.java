package dev.belay.config;

import dev.belay.core.Failure;
import dev.belay.core.Secret;
import dev.belay.core.Units;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of the configuration that the room it belongs to reads for itself, such as {@code notify}
 * or {@code hooks}: a tree of keys. Names are found in any spelling that {@code --set} accepts too.
 */
public final class Section {
  private final String name;
  private final Map<String, Given> given;
  private final Map<String, String> environment;
  private final Places places;

  /**
   * @param name with dots, such as {@code notify.channels}; empty: everything
   * @param given all settings by their whole names
   */
  Section(String name, Map<String, Given> given, Map<String, String> environment, Places places) {
    this.name = name;
    this.given = given;
    this.environment = environment;
    this.places = places;
  }

  /** The section of a configuration in which nothing is said. */
  public static Section empty() {
    return new Section(
        "", Map.of(), Map.of(), new Places(Path.of("").toAbsolutePath(), Path.of("/")));
  }

  /** Its name with dots, such as {@code notify.channels}. */
  public String name() {
    return name;
  }

  /** The part of this section under that key; without anything in it when nobody wrote any. */
  public Section section(String key) {
    return new Section(whole(key), given, environment, places);
  }

  /** Whether nobody wrote anything in it. */
  public boolean isEmpty() {
    return keys().isEmpty();
  }

  /** The keys directly in it as they were written, in that order. */
  public Set<String> keys() {
    String prefix = name.isEmpty() ? "" : name + ".";
    Set<String> keys = new LinkedHashSet<>();
    for (String each : given.keySet()) {
      if (each.startsWith(prefix)) {
        String rest = each.substring(prefix.length());
        int dot = rest.indexOf('.');
        keys.add(dot < 0 ? rest : rest.substring(0, dot));
      }
    }
    return keys;
  }

  /**
   * Refuses what the room does not know.
   *
   * @throws Failure USAGE that names the line and the nearest key
   */
  public void allowOnly(List<String> known) {
    unknown(known).stream()
        .findFirst()
        .ifPresent(
            unknown -> {
              throw unknown;
            });
  }

  /** One USAGE failure for each key that is not known, with its line and the nearest key. */
  public List<Failure> unknown(List<String> known) {
    return keys().stream()
        .filter(key -> Known.exactly(key, known) == null)
        .map(
            key ->
                Failure.usage(
                    where(key) + ": unknown key '" + key + "' of " + name,
                    "did you mean " + Nearest.to(key, known) + "?"))
        .toList();
  }

  /** Where somebody wrote that key, or anything below it, such as {@code belay.yaml:12}. */
  public String where(String key) {
    String whole = whole(key);
    return given.entrySet().stream()
        .filter(each -> each.getKey().equals(whole) || each.getKey().startsWith(whole + "."))
        .map(each -> each.getValue().source())
        .findFirst()
        .orElse(name);
  }

  /** Whether something is written under that key. */
  public boolean has(String key) {
    return value(key) != null || !section(key).isEmpty();
  }

  /** The text as it is written, without variables put in; for what has dollars of its own. */
  public Optional<String> raw(String key) {
    return Optional.ofNullable(value(key)).map(Given::text);
  }

  /**
   * The text, with the values of environment variables in it.
   *
   * @throws Failure USAGE when a variable is not set and has no default
   */
  public Optional<String> text(String key) {
    Given value = value(key);
    return value == null
        ? Optional.empty()
        : Optional.of(Interpolation.expand(value.text(), environment, value.source()).strip())
            .filter(text -> !text.isEmpty());
  }

  /** The text, or else the fallback. */
  public String text(String key, String fallback) {
    return text(key).orElse(fallback);
  }

  /** The text as what must not be shown. */
  public Optional<Secret> secret(String key) {
    return text(key).map(Secret::new);
  }

  /** The items of a list, or the parts between the commas of one text. */
  public List<String> list(String key) {
    Given value = value(key);
    if (value != null) {
      return Given.of(Interpolation.expand(value.text(), environment, value.source()), "").list();
    }
    return items(key).values().stream()
        .map(each -> Interpolation.expand(each.text(), environment, each.source()))
        .toList();
  }

  /** The items of a list, or one text alone, each as it is written: commas mean nothing. */
  public List<String> rawList(String key) {
    Given value = value(key);
    return value != null
        ? List.of(value.text())
        : items(key).values().stream().map(Given::text).toList();
  }

  private Map<String, Given> items(String key) {
    Map<String, Given> items = new LinkedHashMap<>();
    String whole = whole(key);
    for (int index = 0; given.containsKey(whole + "." + index); index++) {
      items.put(String.valueOf(index), Objects.requireNonNull(given.get(whole + "." + index)));
    }
    return items;
  }

  /**
   * A whole number.
   *
   * @throws Failure USAGE when it is none, or out of bounds
   */
  public int number(String key, int fallback, int least, int most) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      // The failure below says it.
    }
    throw wrong(key, "not a number from " + least + " to " + most, String.valueOf(fallback));
  }

  /**
   * A share in percent, with or without its sign.
   *
   * @throws Failure USAGE when it is none from 0 to 100
   */
  public double percent(String key, double fallback) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      double percent = Double.parseDouble(text.get().replace("%", "").strip());
      if (percent >= 0 && percent <= 100) {
        return percent;
      }
    } catch (NumberFormatException notNumber) {
      // The failure below says it.
    }
    throw wrong(key, "not a share from 0 to 100 %", fallback + "%");
  }

  /**
   * A duration such as {@code 500ms} or {@code 10m}.
   *
   * @throws Failure USAGE when it is none, or out of bounds
   */
  public Duration duration(String key, String fallback, Duration least, Duration most) {
    String text = text(key, fallback);
    Duration duration;
    try {
      duration = Units.parseDuration(text);
    } catch (Failure notDuration) {
      throw wrong(key, "not a duration", fallback);
    }
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw wrong(
          key, "not from " + Units.duration(least) + " to " + Units.duration(most), fallback);
    }
    return duration;
  }

  /**
   * Yes or no.
   *
   * @throws Failure USAGE when it is neither true nor false
   */
  public boolean flag(String key, boolean fallback) {
    Optional<String> text = text(key).map(each -> each.toLowerCase(Locale.ROOT));
    if (text.isEmpty()) {
      return fallback;
    }
    return switch (text.get()) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw wrong(key, "neither true nor false", String.valueOf(fallback));
    };
  }

  /**
   * One of the words of an enum, in any case.
   *
   * @throws Failure USAGE when it is none of them
   */
  public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return fallback;
    }
    List<String> words = new ArrayList<>();
    for (E each : type.getEnumConstants()) {
      String word = word(each);
      if (Known.plain(word).equals(Known.plain(text.get()))) {
        return each;
      }
      words.add(word);
    }
    throw wrong(key, "none of " + String.join(", ", words), word(fallback));
  }

  private static String word(Enum<?> each) {
    return each.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A file or folder; a relative one begins in the working directory. */
  public Optional<Path> path(String key) {
    return text(key).map(each -> places.resolve(each, where(key)));
  }

  private Failure wrong(String key, String how, String example) {
    String text = raw(key).orElse("");
    return Failure.usage(
        where(key) + ": " + whole(key) + " is '" + Masking.shown(whole(key), text) + "', " + how,
        "write for example " + key + ": " + example);
  }

  private @Nullable Given value(String key) {
    return given.get(whole(key));
  }

  /** The whole name, in the spelling in which somebody wrote it, if anybody did. */
  private String whole(String key) {
    String written =
        keys().stream()
            .filter(each -> Known.plain(each).equals(Known.plain(key)))
            .findFirst()
            .orElse(key);
    return name.isEmpty() ? written : name + "." + written;
  }
}
