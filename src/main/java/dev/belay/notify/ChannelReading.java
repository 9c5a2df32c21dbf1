package dev.belay.notify;

import dev.belay.cli.Announcement;
import dev.belay.config.Section;
import dev.belay.core.Failure;
import dev.belay.core.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one channel to its end, whatever is wrong in it. */
final class ChannelReading {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}_-]{0,62}");
  private static final Duration LONGEST_TRY = Duration.ofSeconds(60);
  private static final int SHORTEST_TEXT = 100;

  private final String name;
  private final Section section;
  private final Problems problems;
  private final Redaction redaction;

  /** The problems and the secrets that are found are added there. */
  ChannelReading(String name, Section section, Problems problems, Redaction redaction) {
    this.name = name;
    this.section = section;
    this.problems = problems;
    this.redaction = redaction;
  }

  /** The channel; empty when something is wrong with it. */
  Optional<ChannelSettings> read() {
    int before = problems.count();
    if (!NAME.matcher(name).matches()) {
      problems.add(
          "%s: '%s' cannot be the name of a channel"
              .formatted(section.where("type"), Composer.oneLine(name)),
          "use letters, digits, - and _ only");
    }
    Kind kind = problems.read(this::kind);
    if (kind == null) {
      return Optional.empty();
    }
    List<String> known = new ArrayList<>(Kind.COMMON);
    known.addAll(kind.keys());
    section.unknown(known).forEach(problems::add);
    ChannelSettings common = common(kind);
    return problems.count() == before ? Optional.of(common) : Optional.empty();
  }

  private Kind kind() {
    String text = section.text("type").orElse("");
    for (Kind each : Kind.values()) {
      if (each.word().equals(text.toLowerCase(Locale.ROOT))) {
        return each;
      }
    }
    throw Failure.usage(
        text.isEmpty()
            ? "%s: the channel '%s' has no type".formatted(section.where("type"), name)
            : "%s: the type '%s' of channel %s is none"
                .formatted(section.where("type"), text, name),
        "write type: and one of email, slack, sms, webhook, pagerduty");
  }

  private ChannelSettings common(Kind kind) {
    Severity least =
        problems.read(
            () -> section.choice("minSeverity", Severity.class, kind.least()), kind.least());
    Duration timeout =
        problems.read(
            () -> section.duration("timeout", "10s", Duration.ofMillis(10), LONGEST_TRY),
            LONGEST_TRY);
    int tries = problems.read(() -> section.number("retries", 3, 1, 10), 3);
    Duration pause =
        problems.read(
            () -> section.duration("pause", "500ms", Duration.ofMillis(1), LONGEST_TRY),
            LONGEST_TRY);
    Optional<Rate> rate =
        problems.read(
            () ->
                section
                    .text("rateLimit")
                    .map(text -> Rate.parse(text, section.where("rateLimit") + ": rateLimit")),
            Optional.empty());
    int longest =
        problems.read(
            () -> section.number("maxLength", kind.longest(), SHORTEST_TEXT, kind.longest()),
            kind.longest());
    int details =
        problems.read(() -> section.number("details", kind.details(), 0, 100_000), kind.details());
    Optional<TemplateChoice> template =
        problems.read(
            () -> section.text("template").map(text -> template(section, "template", text)),
            Optional.empty());
    Optional<String> fallback =
        problems.read(() -> section.text("fallback"), Optional.<String>empty());
    Map<Announcement.Type, TemplateChoice> templates = templates();
    Channel channel = new TransportReading(name, section, problems, redaction).read(kind);
    return new ChannelSettings(
        name,
        kind,
        events(),
        least,
        section.has("events") || section.has("minSeverity"),
        template,
        templates,
        timeout,
        new Retrying(tries, pause),
        fallback,
        rate,
        longest,
        details,
        channel);
  }

  /** {@code none} makes a channel that is only a fallback, or only for escalation. */
  private Set<Announcement.Type> events() {
    List<String> words = problems.read(() -> section.list("events"), List.<String>of());
    if (words.isEmpty() || words.equals(List.of("all"))) {
      return EnumSet.allOf(Announcement.Type.class);
    }
    Set<Announcement.Type> events = EnumSet.noneOf(Announcement.Type.class);
    if (!words.equals(List.of("none"))) {
      words.forEach(word -> problems.read(() -> events.add(type(word, section.where("events")))));
    }
    return events;
  }

  private Map<Announcement.Type, TemplateChoice> templates() {
    Section inner = section.section("templates");
    Map<Announcement.Type, TemplateChoice> templates = new EnumMap<>(Announcement.Type.class);
    for (String key : inner.keys()) {
      problems.read(
          () -> {
            Announcement.Type type = type(key, inner.where(key));
            inner
                .text(key)
                .map(text -> template(inner, key, text))
                .ifPresent(choice -> templates.put(type, choice));
            return type;
          });
    }
    return templates;
  }

  private static TemplateChoice template(Section section, String key, String text) {
    Path path = section.path(key).orElseThrow();
    return TemplateChoice.of(text, path, section.where(key));
  }

  /**
   * The type of that name.
   *
   * @throws Failure USAGE when there is none
   */
  static Announcement.Type type(String word, String where) {
    String plain = Template.plain(word);
    List<String> words = new ArrayList<>();
    for (Announcement.Type each : Announcement.Type.values()) {
      if (Template.plain(each.name()).equals(plain)) {
        return each;
      }
      words.add(Event.word(each));
    }
    throw Failure.usage(
        "%s: there is no type of event '%s'".formatted(where, word),
        "use one of: " + String.join(", ", words));
  }
}
