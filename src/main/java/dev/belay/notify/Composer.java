package dev.belay.notify;

import dev.belay.report.Json;
import dev.belay.report.TextTable;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;

/**
 * Puts an event into the words of a channel. A template that cannot be used never keeps a message
 * from being sent: the plain text is sent in its place, and the reason is said.
 */
final class Composer {
  private static final int LONGEST_SUBJECT = 200;

  private final Redaction redaction;
  private final String commander;

  /**
   * @param commander who leads in an incident, where the event does not say so
   */
  Composer(Redaction redaction, String commander) {
    this.redaction = redaction;
    this.commander = commander;
  }

  /**
   * A message, and what went wrong with it.
   *
   * @param problem empty: nothing
   * @param cut characters that were left out
   */
  record Composed(Message message, String problem, int cut) {
    /** Whether something is missing in it that is to be read elsewhere. */
    boolean isShortened(Event event) {
      return cut > 0 || message.event().details().size() != event.details().size();
    }
  }

  /**
   * The message for one channel.
   *
   * @param given the template that the command line names; else that of the configuration
   * @param next when people will hear again
   */
  Composed compose(
      Event event, ChannelSettings channel, Optional<TemplateChoice> given, String next) {
    Event shown = event.mapped(redaction::of).mapped(Composer::clean).detailed(channel.details());
    Optional<TemplateChoice> choice = given.or(() -> channel.chosenFor(event.type()));
    String problem = "";
    if (choice.isPresent()) {
      TemplateChoice chosen = choice.get();
      Optional<Template> template = chosen.read();
      if (template.isEmpty()) {
        problem = "the template %s cannot be read".formatted(chosen.name());
      } else {
        boolean whole = chosen.isJson() && channel.kind() == Kind.WEBHOOK;
        Template.Filled filled = fill(template.get(), shown, channel, next, whole);
        if (!filled.unknown().isEmpty()) {
          problem =
              "the template %s mentions what is not known: %s"
                  .formatted(chosen.name(), String.join(", ", filled.unknown()));
        } else if (whole && !isJson(filled.body())) {
          problem = "what the template %s makes is no JSON".formatted(chosen.name());
        } else {
          return finished(filled, whole, shown, channel, "");
        }
      }
    }
    Template built =
        channel.kind() == Kind.SMS
            ? BuiltIn.named(BuiltIn.SHORT).orElseThrow()
            : problem.isEmpty()
                ? BuiltIn.named(BuiltIn.name(event)).orElseGet(BuiltIn::plain)
                : BuiltIn.plain();
    return finished(fill(built, shown, channel, next, false), false, shown, channel, problem);
  }

  private Template.Filled fill(
      Template template, Event event, ChannelSettings channel, String next, boolean whole) {
    Variables variables = new Variables(event, commander, next, template.names());
    UnaryOperator<String> escape = whole ? Composer::inJson : channel.channel()::escaped;
    return template.fill(variables::value, escape);
  }

  private static Composed finished(
      Template.Filled filled, boolean whole, Event event, ChannelSettings channel, String problem) {
    String given = filled.subject() == null ? event.title() : filled.subject();
    String subject =
        oneLine("[" + Event.word(event.severity()).toUpperCase(Locale.ROOT) + "] " + given);
    String prefix = channel.kind() == Kind.SMS ? severity(event) : "";
    String text = prefix + filled.body();
    String kept =
        whole ? text : Cutting.to(channel.maxLength(), text, event.source().log().toString());
    int cut = kept.equals(text) ? 0 : text.length() - Cutting.kept(kept);
    return new Composed(new Message(subject, kept, whole, event), problem, cut);
  }

  private static String severity(Event event) {
    return event.action() == Action.RESOLVE
        ? "RESOLVED: "
        : Event.word(event.severity()).toUpperCase(Locale.ROOT) + ": ";
  }

  /** One line without control characters, so that no header can be made of a name. */
  static String oneLine(String text) {
    String line = whole(text);
    return line.length() <= LONGEST_SUBJECT
        ? line
        : Cutting.beginning(line, LONGEST_SUBJECT - 1) + "…";
  }

  /** The same, however long it is. */
  static String whole(String text) {
    return TextTable.visible(text.replaceAll("\\s+", " ").strip());
  }

  /** Line ends stay, all other control characters become visible. */
  private static String clean(String text) {
    return text.lines()
        .map(TextTable::visible)
        .reduce((left, right) -> left + "\n" + right)
        .orElse("");
  }

  private static String inJson(String value) {
    String quoted = Json.MAPPER.writeValueAsString(value);
    return quoted.substring(1, quoted.length() - 1);
  }

  private static boolean isJson(String text) {
    try {
      Json.MAPPER.readTree(text);
      return true;
    } catch (JacksonException notJson) {
      return false;
    }
  }
}
