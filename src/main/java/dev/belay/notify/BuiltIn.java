package dev.belay.notify;

import dev.belay.cli.Announcement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The texts that Belay brings along, by name: one for each type, and some for occasions. */
final class BuiltIn {
  static final String EMERGENCY = "emergency";
  static final String RESOLUTION = "resolution";
  static final String PLAIN = "plain";
  static final String SHORT = "short";

  private static final String FOOT =
      """

      {{facts}}

      {{details}}

      Database: {{database}} ({{environment}})
      Command: belay {{arguments}}
      Run {{run}} by {{user}} on {{host}}, {{time}}
      Log: {{log}}
      """;

  private static final Map<String, Template> TEXTS = texts();

  private BuiltIn() {}

  private static Map<String, Template> texts() {
    Map<String, Template> texts = new TreeMap<>();
    texts.put(PLAIN, Template.of("{{title}}\n" + FOOT));
    texts.put(
        SHORT, Template.of("{{title}}. Database {{database}}, run {{run}} on {{host}}, {{time}}"));
    texts.put(
        EMERGENCY,
        Template.of(
            """
            Subject: URGENT: {{database}}: {{title}}

            Something is wrong with {{database}} and needs people now.

            Issue: {{issue}}
            Impact: {{impact}}
            ETA: {{eta}}
            Action taken: {{action taken}}

            Next update: {{next update}}
            Incident commander: {{incident commander}}
            Incident {{incident}}, began {{began}}, {{elapsed}} ago
            """
                + FOOT));
    texts.put(
        RESOLUTION,
        Template.of(
            """
            Subject: RESOLVED: {{database}}: {{title}}

            The incident of {{database}} is over.

            Resolution: {{resolution}}
            Downtime: {{downtime}}
            Root cause: {{root cause}}
            Data loss: {{data loss}}
            Next steps: {{next steps}}

            Incident {{incident}}, began {{began}}, lasted {{elapsed}}
            """
                + FOOT));
    put(texts, Announcement.Type.MIGRATION_FAILED, "A migration of {{database}} failed.");
    put(texts, Announcement.Type.ROLLBACK_COMPLETED, "{{database}} was brought back.");
    put(
        texts,
        Announcement.Type.DATA_INTEGRITY_ISSUE,
        "The data of {{database}} breaks promises of its schema.");
    put(
        texts,
        Announcement.Type.GRADUAL_ROLLBACK_PROGRESS,
        "A gradual rollback of {{database}} goes on.");
    put(texts, Announcement.Type.EMERGENCY_RECOVERY, "{{database}} is being recovered.");
    put(
        texts,
        Announcement.Type.THRESHOLD_BREACHED,
        "A measured value of {{database}} changed sides of its limit.");
    put(texts, Announcement.Type.OPERATION_COMPLETED, "An operation on {{database}} is done.");
    put(
        texts,
        Announcement.Type.OPERATION_FAILED,
        "An operation on {{database}} did not end well.");
    put(
        texts,
        Announcement.Type.TEST,
        "This is a test of the notifications of belay; nothing happened, and nothing is to be done.");
    return texts;
  }

  private static void put(Map<String, Template> texts, Announcement.Type type, String first) {
    texts.put(Event.word(type), Template.of("{{title}}\n\n" + first + "\n" + FOOT));
  }

  /** The text of that name; empty: there is none. */
  static Optional<Template> named(String name) {
    return Optional.ofNullable(TEXTS.get(name));
  }

  /** The text for what happened, where nobody chose another. */
  static String name(Event event) {
    return switch (event.action()) {
      case TRIGGER -> EMERGENCY;
      case RESOLVE -> RESOLUTION;
      case TELL -> Event.word(event.type());
    };
  }

  static Template plain() {
    return Objects.requireNonNull(TEXTS.get(PLAIN));
  }

  static List<String> names() {
    return List.copyOf(TEXTS.keySet());
  }
}
