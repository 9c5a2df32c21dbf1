package dev.belay.notify;

import dev.belay.cli.Announcement;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Severity;
import dev.belay.journal.ThisProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends one event, a test, or what open incidents have become due for. Reaches no database. */
public final class SendNotification {
  static final String COMMAND = "send-notification";
  private static final Duration TIME = Duration.ofSeconds(60);

  /**
   * What is to be told.
   *
   * @param message its first line is the title; empty: the type says it
   * @param channels only these; empty: as is configured
   * @param began when the incident began; null: now, or when it was first told of
   * @param dedupKey null: it is told again each time
   */
  public record Request(
      Announcement.Type type,
      Severity severity,
      String message,
      Map<String, String> facts,
      List<String> channels,
      Optional<TemplateChoice> template,
      @Nullable Instant began,
      @Nullable String dedupKey,
      boolean resolve,
      boolean dry) {}

  /**
   * Tells people.
   *
   * @param warn gets what should be known on the way
   * @throws Failure USAGE when no channel can be used, or a named one is not there; REFUSED when
   *     there is no incident to resolve
   */
  public NotificationReport send(
      Settings settings, RunId run, Request request, Consumer<String> warn) {
    NotifySettings notify = usable(settings, request.channels());
    Dispatch dispatch = Dispatch.of(notify, settings.folders().journal(), warn);
    Source source = source(settings, run);
    if (request.resolve()
        && request.dedupKey() == null
        && dispatch.incidents().open(source.database()).isEmpty()) {
      throw Failure.refused(
          "no incident of " + source.database() + " is open",
          "name the one that another system knows with --dedup-key");
    }
    Event event =
        dispatch.tie(
            event(request, source, run), request.began(), request.resolve(), request.dry());
    Order order =
        new Order(request.channels(), request.template(), false, request.dry(), TIME, false);
    NotificationReport.Mode mode =
        request.dry() ? NotificationReport.Mode.DRY_RUN : NotificationReport.Mode.SEND;
    List<Told> told = dispatch.tell(event, order);
    return report(
        mode, List.of(sent(event, told, notify, request.dry(), request.template())), notify);
  }

  /**
   * Sends a test to each channel, or to those that are named.
   *
   * @throws Failure as {@link #send}
   */
  public NotificationReport test(
      Settings settings,
      RunId run,
      List<String> channels,
      Optional<TemplateChoice> template,
      Consumer<String> warn) {
    NotifySettings notify = usable(settings, channels);
    List<String> all = channels.isEmpty() ? new ArrayList<>(notify.channels().keySet()) : channels;
    Event event =
        Event.of(
            Announcement.Type.TEST,
            Severity.INFO,
            "a test of the notifications",
            List.of(),
            Map.of("state", Failure.UNCHANGED, "next", "nothing is to be done"),
            source(settings, run),
            run.text() + ":test");
    Order order = new Order(all, template, true, false, TIME, false);
    Dispatch dispatch = Dispatch.of(notify, settings.folders().journal(), warn);
    return report(
        NotificationReport.Mode.TEST,
        List.of(sent(event, dispatch.tell(event, order), notify, false, template)),
        notify);
  }

  /**
   * Tells those whom open incidents, of any target, have reached meanwhile.
   *
   * @throws Failure as {@link #send}; USAGE also when there is no escalation
   */
  public NotificationReport escalate(
      Settings settings, RunId run, boolean dry, Consumer<String> warn) {
    NotifySettings notify = usable(settings, List.of());
    if (notify.stages().isEmpty()) {
      throw Failure.usage(
          "no escalation is configured",
          "write for example escalation: {0m: [team], 15m: [pager]} under notify");
    }
    Dispatch dispatch = Dispatch.of(notify, settings.folders().journal(), warn);
    Source source = source(settings, run);
    Order order = new Order(List.of(), Optional.empty(), false, dry, TIME, false);
    List<NotificationReport.Sent> events = new ArrayList<>();
    for (Incident incident : dispatch.incidents().open()) {
      List<Told> told = dispatch.escalate(incident, source, order);
      if (!told.isEmpty()) {
        events.add(
            new NotificationReport.Sent(
                Event.word(incident.type()),
                Event.word(incident.severity()),
                "trigger",
                incident.title(),
                incident.target(),
                incident.key(),
                incident.began(),
                told,
                null));
      }
    }
    return report(NotificationReport.Mode.ESCALATE, events, notify);
  }

  private static NotifySettings usable(Settings settings, List<String> named) {
    if (!NotifyReading.isConfigured(settings)) {
      throw Failure.usage(
          "nobody can be told: there is nothing under notify in the configuration",
          "write in belay.yaml: notify: {channels: {team: {type: slack, url: '${SLACK_URL}'}}}");
    }
    NotifySettings notify = NotifyReading.read(settings);
    if (notify.channels().isEmpty() && notify.problems().none()) {
      throw Failure.usage(
          "nobody can be told: there is no channel under notify.channels",
          "write in belay.yaml: notify: {channels: {team: {type: slack, url: '${SLACK_URL}'}}}");
    }
    List<String> missing = named.stream().filter(name -> notify.channel(name) == null).toList();
    if (notify.channels().isEmpty() || !missing.isEmpty()) {
      Problems problems = notify.problems();
      List<String> messages = new ArrayList<>(problems.messages());
      List<String> hints = new ArrayList<>(problems.hints());
      missing.forEach(name -> messages.add("there is no usable channel '" + name + "'"));
      if (hints.isEmpty()) {
        hints.add("use one of: " + String.join(", ", notify.channels().keySet()));
      }
      throw Failure.usage(String.join("; ", messages), String.join("; ", hints));
    }
    return notify;
  }

  private static Source source(Settings settings, RunId run) {
    return new Source(
        settings.reached() == null ? "no database" : settings.reached().toString(),
        settings.environment(),
        COMMAND,
        COMMAND,
        run.text(),
        ThisProcess.host(),
        ThisProcess.user(),
        settings.logFile());
  }

  private static Event event(Request request, Source source, RunId run) {
    List<String> lines = request.message().strip().lines().toList();
    String title =
        lines.isEmpty() || lines.get(0).isBlank() ? untitled(request, source) : lines.get(0);
    String key = request.dedupKey() == null ? run.text() + ":sent" : request.dedupKey();
    return Event.of(
        request.type(),
        request.severity(),
        title,
        lines.stream().skip(1).toList(),
        request.facts(),
        source,
        key);
  }

  private static String untitled(Request request, Source source) {
    return request.resolve()
        ? "the incident of " + source.database() + " is over"
        : Event.word(request.type()).replace('_', ' ') + ": " + source.database();
  }

  private static NotificationReport.Sent sent(
      Event event,
      List<Told> told,
      NotifySettings notify,
      boolean dry,
      Optional<TemplateChoice> template) {
    Incident incident = event.incident();
    Event shown = event.mapped(notify.redaction()::of);
    String text = null;
    if (dry && !told.isEmpty()) {
      ChannelSettings first = notify.channel(told.get(0).channel());
      if (first != null) {
        Message message =
            new Composer(notify.redaction(), notify.commander())
                .compose(event, first, template, "when something changes")
                .message();
        text = message.subject() + "\n\n" + message.text();
      }
    }
    return new NotificationReport.Sent(
        Event.word(event.type()),
        Event.word(event.severity()),
        event.action().name().toLowerCase(Locale.ROOT),
        shown.title(),
        event.source().database(),
        incident == null ? null : incident.key(),
        incident == null ? null : incident.began(),
        told,
        text);
  }

  private static NotificationReport report(
      NotificationReport.Mode mode, List<NotificationReport.Sent> events, NotifySettings notify) {
    return new NotificationReport(
        mode, events, notify.problems().messages(), notify.problems().hints());
  }
}
