package dev.belay.notify;

import dev.belay.cli.Announcement;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.Unrecorded;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.Severity;
import dev.belay.core.Units;
import dev.belay.report.Report;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay send-notification}: tells people, tries the channels, escalates. */
@Command(
    name = "send-notification",
    description = "Tell people of something by mail, Slack, SMS, webhook or PagerDuty.",
    footer = {
      "",
      "Types: migration_failed, rollback_completed, data_integrity_issue,",
      "gradual_rollback_progress, emergency_recovery, threshold_breached,",
      "operation_completed, operation_failed. Who is told of what is configured under",
      "notify in belay.yaml; every long command tells by itself, as is said there.",
      "",
      "Exit status 0: everybody was told, if only by a fallback; 2: something in the",
      "configuration is wrong, all of which is listed, though channels that are right",
      "were used; 10: with --test or --dry-run, a template mentions what is not known;",
      "11: no channel wants it; 12: a channel could not be reached.",
      "",
      "Examples:",
      "  belay send-notification --test",
      "  belay send-notification migration_failed --severity error \\",
      "    --message \"Migration failed\" --fact \"Impact=orders cannot be placed\"",
      "  belay send-notification --resolve --message \"Service restored\"",
      "  * * * * * cd /srv/app && belay send-notification --escalate   # crontab"
    })
public final class SendNotificationCommand extends ReportCommand implements Unrecorded {
  @Parameters(
      arity = "0..1",
      paramLabel = "<type>",
      description = "What happened: one of the types below.")
  private @Nullable String type;

  @Option(names = "--notification-type", paramLabel = "<type>", description = "The same as <type>.")
  private @Nullable String typeAgain;

  @Option(
      names = "--severity",
      paramLabel = "<severity>",
      description =
          "How bad it is: info, warning, error or critical (default: what the type suggests)."
              + " From error on, an incident begins.")
  private @Nullable Severity severity;

  @Option(
      names = {"-m", "--message", "--notification-message"},
      paramLabel = "<text>",
      description = "What to tell; its first line is the title.")
  private String message = "";

  @Option(
      names = "--fact",
      paramLabel = "<name=value>",
      description =
          "What else is known, such as Impact=…, 'Root cause=…'; templates mention it; repeatable.")
  private Map<String, String> facts = new LinkedHashMap<>();

  @Option(
      names = "--channel",
      paramLabel = "<name>",
      description = "Only this channel, whatever it wants otherwise; repeatable.")
  private List<String> channels = new ArrayList<>();

  @Option(
      names = "--template",
      paramLabel = "<name or file>",
      description = "The text: built in, such as emergency or resolution, or a file.")
  private @Nullable String template;

  @Option(
      names = "--incident-began",
      paramLabel = "<moment>",
      description = "When the incident began: 10m for minutes ago, or 2026-11-01T08:30:00Z.")
  private @Nullable String began;

  @Option(
      names = "--dedup-key",
      paramLabel = "<key>",
      description = "Nobody is told twice of events of the same key, until it is resolved.")
  private @Nullable String dedupKey;

  @Option(names = "--resolve", description = "The open incident of the database is over.")
  private boolean resolve;

  @Option(
      names = "--escalate",
      description = "Tell those whom open incidents have reached by now, for cron.")
  private boolean escalate;

  @Option(names = "--test", description = "Send a test to each channel, and say how it went.")
  private boolean test;

  @Option(names = "--dry-run", description = "Show what would be sent to whom, and send nothing.")
  private boolean dryRun;

  private final SendNotification service = new SendNotification();

  public SendNotificationCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    refuseContradictions();
    Optional<TemplateChoice> chosen =
        Optional.ofNullable(template)
            .map(
                name ->
                    TemplateChoice.of(
                        name, surroundings().directory().resolve(name), "--template"));
    NotificationReport report;
    if (test) {
      report = service.test(settings, progress.run(), channels, chosen, progress::warn);
    } else if (escalate) {
      report = service.escalate(settings, progress.run(), dryRun, progress::warn);
    } else {
      report = service.send(settings, progress.run(), request(chosen), progress::warn);
    }
    return report;
  }

  private void refuseContradictions() {
    String given = type == null ? typeAgain : type;
    if (type != null && typeAgain != null && !type.equals(typeAgain)) {
      throw contradiction("two types are given, " + type + " and " + typeAgain);
    }
    if (test && (escalate || resolve || dryRun || given != null)) {
      throw contradiction("--test sends its own text, and goes with no other kind of sending");
    }
    if (escalate && (resolve || given != null || !channels.isEmpty() || template != null)) {
      throw contradiction("--escalate repeats what is known already, to whom escalation names");
    }
    if (!test && !escalate && !resolve && given == null) {
      throw contradiction("what happened is not said");
    }
    if (facts.keySet().stream().anyMatch(String::isBlank)) {
      throw contradiction("--fact has no name before its =");
    }
  }

  private static Failure contradiction(String what) {
    return Failure.usage(
        what, "belay send-notification migration_failed --message \"what happened\"");
  }

  private SendNotification.Request request(Optional<TemplateChoice> chosen) {
    String given = type == null ? typeAgain : type;
    Announcement.Type what =
        given == null ? Announcement.Type.ROLLBACK_COMPLETED : ChannelReading.type(given, "<type>");
    Severity how = severity != null ? severity : resolve ? Severity.INFO : usual(what);
    if (began != null && (resolve || how.compareTo(Severity.ERROR) < 0)) {
      throw Failure.usage(
          "--incident-began is given, and an event of severity %s begins no incident"
              .formatted(Event.word(how)),
          "give --severity error as well");
    }
    return new SendNotification.Request(
        what,
        how,
        message,
        facts,
        channels,
        chosen,
        began == null ? null : moment(began),
        dedupKey,
        resolve,
        dryRun);
  }

  private static Severity usual(Announcement.Type type) {
    return switch (type) {
      case MIGRATION_FAILED, OPERATION_FAILED -> Severity.ERROR;
      case EMERGENCY_RECOVERY -> Severity.CRITICAL;
      case DATA_INTEGRITY_ISSUE, THRESHOLD_BREACHED -> Severity.WARNING;
      case ROLLBACK_COMPLETED, GRADUAL_ROLLBACK_PROGRESS, OPERATION_COMPLETED, TEST ->
          Severity.INFO;
    };
  }

  private static Instant moment(String text) {
    Instant moment;
    try {
      moment = Instant.parse(text.strip());
    } catch (DateTimeException notInstant) {
      try {
        moment = Instant.now().minus(Units.parseDuration(text));
      } catch (Failure notDuration) {
        throw Failure.usage(
            "--incident-began is '%s', which is neither a moment nor a time ago".formatted(text),
            "write it like 10m, or like 2026-11-01T08:30:00Z");
      }
    }
    if (moment.isAfter(Instant.now())) {
      throw Failure.usage(
          "--incident-began is '%s', which is still to come".formatted(text),
          "write it like 10m for ten minutes ago, or like 2026-11-01T08:30:00Z");
    }
    return moment;
  }
}
