package dev.belay.config;

import dev.belay.core.Failure;
import dev.belay.core.Units;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Gives settings their types, and lists each with its source as it is read. */
final class SettingReader {
  private final Map<String, Given> given = new LinkedHashMap<>();
  private final List<Setting> listed = new ArrayList<>();
  private final Places places;

  /**
   * @param lowToHigh the sources, the later winning
   */
  SettingReader(List<Map<String, Given>> lowToHigh, Places places) {
    this.places = places;
    for (Map<String, Given> source : lowToHigh) {
      source.forEach(
          (name, value) -> {
            if (!value.isBlank()) {
              given.put(name, value);
            }
          });
    }
  }

  /** What the sources say of a setting. */
  Optional<Given> given(String name) {
    return Optional.ofNullable(given.get(name));
  }

  /** All that the sources say. */
  Section section(Map<String, String> environment) {
    return new Section("", Collections.unmodifiableMap(given), environment, places);
  }

  /** The names that the sources say something of, in the order in which they first do. */
  List<String> names() {
    return List.copyOf(given.keySet());
  }

  /** Lists a setting that was settled elsewhere. */
  void list(String name, String value, String source) {
    listed.add(new Setting(name, Masking.shown(name, value), source));
  }

  void listAll(List<Setting> settings) {
    listed.addAll(settings);
  }

  /** Everything that was listed, sorted by name. */
  List<Setting> listed() {
    return listed.stream().sorted((left, right) -> left.name().compareTo(right.name())).toList();
  }

  String text(String name, String fallback) {
    Given value = value(name, fallback);
    list(name, value.text(), value.source());
    return value.text();
  }

  String text(String name, String fallback, Pattern form, String example) {
    Given value = value(name, fallback);
    if (!form.matcher(value.text()).matches()) {
      throw wrong(name, value, "not of the form that it needs", example);
    }
    return text(name, fallback);
  }

  int number(String name, int fallback, int least, int most) {
    Given value = value(name, String.valueOf(fallback));
    list(name, value.text(), value.source());
    try {
      int number = Integer.parseInt(value.text().strip());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      // The failure below says it.
    }
    throw wrong(
        name, value, "not a number from " + least + " to " + most, String.valueOf(fallback));
  }

  Duration duration(String name, String fallback, Duration least, Duration most) {
    Given value = value(name, fallback);
    list(name, value.text(), value.source());
    try {
      Duration duration = Units.parseDuration(value.text());
      if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
        return duration;
      }
    } catch (Failure notDuration) {
      throw wrong(name, value, "not a duration", fallback);
    }
    throw wrong(
        name, value, "not from " + Units.duration(least) + " to " + Units.duration(most), fallback);
  }

  /** A size; empty where nobody gave one. */
  OptionalLong bytes(String name) {
    Given value = value(name, "");
    list(name, value.text(), value.source());
    if (value.text().isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Units.parseBytes(value.text()));
    } catch (Failure notSize) {
      throw wrong(name, value, "not a size", "200GB");
    }
  }

  Path path(String name, String fallback) {
    Given value = value(name, fallback);
    Path path = places.resolve(value.text(), value.source());
    list(name, places.show(path), value.source());
    return path;
  }

  Optional<Path> optionalPath(String name) {
    Given value = value(name, "");
    if (value.text().isEmpty()) {
      list(name, "", value.source());
      return Optional.empty();
    }
    Path path = places.resolve(value.text(), value.source());
    list(name, places.show(path), value.source());
    return Optional.of(path);
  }

  List<String> list(String name) {
    Given value = value(name, "");
    list(name, String.join(", ", value.list()), value.source());
    return value.list();
  }

  private Given value(String name, String fallback) {
    Given value = given.get(name);
    return value == null ? Given.of(fallback, "default") : value;
  }

  private static Failure wrong(String name, Given value, String how, String example) {
    return Failure.usage(
        value.source() + ": " + name + " is '" + Masking.shown(name, value.text()) + "', " + how,
        "write for example " + name + ": " + example);
  }
}
