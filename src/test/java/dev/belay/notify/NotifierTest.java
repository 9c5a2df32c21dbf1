package dev.belay.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.Announcement;
import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Facts;
import dev.belay.cli.Outcome;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Severity;
import dev.belay.support.Cli;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Operations tell people of their end, and nothing that happens thereby changes them. */
class NotifierTest {
  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void start() {
    desk = new Desk(folder);
    desk.server.stubFor(any(anyUrl()).willReturn(aResponse()));
  }

  @AfterEach
  void stop() {
    desk.close();
  }

  private void hook(String more) {
    desk.configured(
        "channels: {hook: {type: webhook, url: \"%s\"}}\n%s".formatted(desk.url("/hook"), more));
  }

  private Facts facts(String command, String... arguments) {
    return new Facts(
        RunId.fresh(),
        command,
        command + " " + String.join(" ", arguments),
        desk.settings(),
        Instant.now(),
        List.of());
  }

  private static Outcome outcome(@Nullable ExitCode code, boolean begun, @Nullable Failure why) {
    return new Outcome(code, false, begun, Duration.ofSeconds(3), null, why, List.of());
  }

  private static Outcome changed() {
    return new Outcome(ExitCode.OK, true, true, Duration.ofSeconds(3), null, null, List.of());
  }

  private static Outcome ok(boolean begun) {
    return outcome(ExitCode.OK, begun, null);
  }

  @Test
  void anOperationThatFailsTellsWhatItSaid() {
    hook("");

    Cli.Result result = desk.cli().expect(12, "create-backup");

    JsonNode body = desk.bodies().get(0);
    assertThat(desk.requests()).hasSize(1);
    assertThat(body.get("event").asString()).isEqualTo("operation_failed");
    assertThat(body.get("severity").asString()).isEqualTo("error");
    assertThat(body.get("action").asString()).isEqualTo("trigger");
    assertThat(body.get("title").asString())
        .startsWith("create-backup of orders@127.0.0.1:1 failed: ");
    assertThat(body.get("facts").get("state").asString()).isEqualTo(Failure.UNCHANGED);
    assertThat(body.get("facts").get("outcome").asString())
        .isEqualTo("UNAVAILABLE (exit status 12)");
    assertThat(body.get("facts").get("next").asString()).isNotBlank();
    assertThat(result.err()).contains("INFO - told hook (webhook, 127.0.0.1:");
  }

  @Test
  void aWebhookThatIsDeadIsOneWarningAndNothingElse() {
    Cli.Result quiet =
        new Cli(folder).run("create-backup", "--url", "postgresql://app@127.0.0.1:1/orders");
    desk.configured(
        "channels: {hook: {type: webhook, url: \"http://127.0.0.1:1/CANARY\", %s}}"
            .formatted(Desk.QUICK));

    Cli.Result result = desk.cli().run("create-backup");

    assertThat(result.status()).isEqualTo(quiet.status()).isEqualTo(12);
    assertThat(result.out()).isEqualTo(quiet.out());
    List<String> more =
        result.err().lines().filter(line -> !quiet.err().contains(line.substring(20))).toList();
    assertThat(more)
        .singleElement()
        .asString()
        .contains("WARN - not told hook (webhook, 127.0.0.1:1): ")
        .contains("refuses the connection (3 tries)")
        .endsWith("look with: belay send-notification --test --channel hook");
    assertThat(result.err()).doesNotContain("CANARY");
  }

  @Test
  void aConfigurationThatIsWrongIsOneWarningAndWhatIsRightIsUsed() {
    desk.configured(
        "channels: {hook: {type: webhook, url: \"%s\"}, bad: {type: slack}, worse: {type: x}}"
            .formatted(desk.url("/hook")));

    Cli.Result result = desk.cli().expect(12, "create-backup");

    assertThat(desk.requests()).hasSize(1);
    assertThat(result.err().lines().filter(line -> line.contains("configured wrongly")))
        .singleElement()
        .asString()
        .contains("channel bad has no url")
        .contains("the type 'x' of channel worse");
  }

  @Test
  void whatOnlyLooksTellsNobody() {
    hook("");

    desk.cli().expect(0, "config");
    desk.cli().expect(12, "verify-state");
    desk.cli().run("list-backups");
    desk.cli().expect(2, "create-backup", "--no-such-option");

    assertThat(desk.requests()).isEmpty();
    assertThat(folder.resolve(".belay/journal").resolve(Memory.NAME)).doesNotExist();
  }

  @Test
  void commandsThatAreNamedAreToldOf() {
    hook("commands: [verify-*, config]");

    desk.cli().expect(0, "config");
    desk.cli().expect(12, "verify-state");
    desk.cli().expect(12, "create-backup");

    assertThat(desk.bodies())
        .extracting(body -> body.get("command").asString())
        .containsExactly("config", "verify-state");
  }

  @Test
  void whoIsToldOfWhichEnd() {
    hook("");
    Failure refused = Failure.refused("it is locked", "wait");
    Failure declined = Failure.refused(ChangeOptions.NOT_CONFIRMED, "answer y to go on");
    Failure usage = Failure.usage("x", "y");

    assertThat(end("migrate", ok(true))).contains(Announcement.Type.OPERATION_COMPLETED);
    assertThat(end("migrate", ok(false))).as("a dry run").isEmpty();
    assertThat(end("migrate", outcome(ExitCode.FAILED, true, null)))
        .contains(Announcement.Type.MIGRATION_FAILED);
    assertThat(end("guard", outcome(ExitCode.REFUSED, false, refused)))
        .contains(Announcement.Type.MIGRATION_FAILED);
    assertThat(end("migrate", outcome(ExitCode.REFUSED, false, declined))).isEmpty();
    assertThat(end("migrate", outcome(ExitCode.USAGE, false, usage))).isEmpty();
    for (String back :
        List.of(
            "rollback-migration",
            "gradual-rollback",
            "backup-restore",
            "emergency-rollback",
            "rollback-point execute")) {
      assertThat(end(back, ok(true))).as(back).contains(Announcement.Type.ROLLBACK_COMPLETED);
      assertThat(end(back, outcome(ExitCode.FAILED, true, null)))
          .as(back)
          .contains(Announcement.Type.OPERATION_FAILED);
    }
    assertThat(end("emergency-recovery", ok(true))).contains(Announcement.Type.EMERGENCY_RECOVERY);
    assertThat(end("verify-integrity", ok(false))).isEmpty();
    assertThat(end("verify-integrity", outcome(ExitCode.FINDINGS, false, null)))
        .contains(Announcement.Type.DATA_INTEGRITY_ISSUE);
    assertThat(end("readiness", outcome(ExitCode.FINDINGS, false, null)))
        .contains(Announcement.Type.OPERATION_FAILED);
    assertThat(end("validate-backup", ok(true))).isEmpty();
    assertThat(end("send-notification", outcome(ExitCode.UNAVAILABLE, false, null))).isEmpty();
    assertThat(Endings.severity(null)).isEqualTo(Severity.CRITICAL);
    assertThat(Endings.severity(ExitCode.INCOMPLETE)).isEqualTo(Severity.CRITICAL);
    assertThat(Endings.severity(ExitCode.FAILED)).isEqualTo(Severity.ERROR);
    assertThat(Endings.severity(ExitCode.UNAVAILABLE)).isEqualTo(Severity.ERROR);
    assertThat(Endings.severity(ExitCode.FINDINGS)).isEqualTo(Severity.WARNING);
    assertThat(Endings.severity(ExitCode.REFUSED)).isEqualTo(Severity.WARNING);
    assertThat(Endings.severity(ExitCode.OK)).isEqualTo(Severity.INFO);
  }

  private Optional<Announcement.Type> end(String command, Outcome outcome) {
    return Endings.of(facts(command), outcome, List.of()).map(Event::type);
  }

  @Test
  void anIncidentEndsWithARollbackOrWithAGoodEndOfWhatBeganIt() {
    hook("");
    Notifier notifier = new Notifier();

    new Notifier().ended(facts("create-backup"), outcome(ExitCode.UNAVAILABLE, true, null));
    new Notifier().ended(facts("import-data"), ok(true));
    new Notifier().ended(facts("create-backup"), ok(true));
    new Notifier().ended(facts("migrate"), outcome(ExitCode.INCOMPLETE, true, null));
    new Notifier().ended(facts("create-backup"), ok(true));
    notifier.ended(facts("rollback-migration"), changed());

    assertThat(desk.bodies())
        .extracting(body -> body.get("command").asString() + " " + body.get("action").asString())
        .containsExactly(
            "create-backup trigger",
            "import-data tell",
            "create-backup resolve",
            "migrate trigger",
            "create-backup tell",
            "rollback-migration resolve");
    assertThat(desk.bodies().get(5).get("incident"))
        .isEqualTo(desk.bodies().get(3).get("incident"));
    assertThat(desk.bodies().get(5).get("incident"))
        .isNotEqualTo(desk.bodies().get(0).get("incident"));
  }

  @Test
  void whatDidNothingToTheDatabaseEndsNoIncidentOfIt() {
    hook("");
    new Notifier().ended(facts("migrate"), outcome(ExitCode.INCOMPLETE, true, null));

    new Notifier().ended(facts("guard", "--", "true"), ok(true));
    new Notifier()
        .ended(
            facts("backup-restore", "latest", "--strategy", "new-database", "--new-name", "o"),
            changed());
    new Notifier().ended(facts("backup-restore", "latest"), changed());

    assertThat(desk.bodies())
        .extracting(body -> body.get("action").asString())
        .containsExactly("trigger", "tell", "tell", "resolve");
  }

  @Test
  void nobodyIsToldOfADryRunWhateverIsNamed() {
    List<String> named = List.of("*");
    assertThat(Endings.of(facts("migrate", "--dry-run"), ok(false), named)).isEmpty();
    assertThat(
            Endings.of(facts("migrate", "--dry-run"), outcome(ExitCode.FAILED, false, null), named))
        .isEmpty();
    assertThat(Endings.of(facts("config"), ok(false), named)).isPresent();
    assertThat(Endings.of(facts("migrate"), ok(true), named)).isPresent();
  }

  @Test
  void anIncidentOfAWatchEndsWhenAllLimitsAreKeptAgain() {
    hook("");
    Notifier notifier = new Notifier();
    Facts facts = facts("watch");
    Announcement.Type type = Announcement.Type.THRESHOLD_BREACHED;
    String fact = Announcement.STILL_BREACHED;

    notifier.announced(facts, new Announcement(type, Severity.ERROR, "slow", Map.of()));
    notifier.announced(
        facts, new Announcement(type, Severity.INFO, "quick", Map.of(fact, "lock-waits")));
    notifier.announced(
        facts,
        new Announcement(type, Severity.INFO, "no locks", Map.of(fact, Announcement.NOTHING)));
    notifier.ended(facts, ok(true));

    assertThat(desk.bodies())
        .extracting(body -> body.get("action").asString())
        .containsExactly("trigger", "tell", "resolve");
  }

  @Test
  void whatIsAnnouncedOnTheWayIsSentBeforeTheEnd() {
    hook("");
    Notifier notifier = new Notifier();
    Facts facts = facts("gradual-rollback");
    Announcement third =
        new Announcement(
            Announcement.Type.GRADUAL_ROLLBACK_PROGRESS,
            Severity.INFO,
            "3 of 7",
            Map.of("rows", "300"));

    notifier.announced(facts, third);
    notifier.announced(facts, third);
    notifier.ended(facts, ok(true));

    assertThat(desk.bodies())
        .extracting(body -> body.get("event").asString())
        .containsExactly("gradual_rollback_progress", "rollback_completed");
    assertThat(desk.bodies().get(0).get("facts").get("rows").asString()).isEqualTo("300");
  }

  @Test
  void anIncidentEscalatesWhileAnOperationRuns() throws Exception {
    desk.configured(
        """
        channels:
          team: {type: webhook, url: "%1$s/team"}
          pager: {type: webhook, url: "%1$s/pager"}
        escalation: {0m: [team], 300ms: [pager]}
        """
            .formatted(desk.url("")));
    CountDownLatch paged = new CountDownLatch(1);
    desk.server.addMockServiceRequestListener(
        (request, response) -> {
          if (request.getUrl().equals("/pager")) {
            paged.countDown();
          }
        });
    Notifier notifier = new Notifier();
    Facts facts = facts("emergency-recovery");

    notifier.before(facts);
    notifier.announced(
        facts,
        new Announcement(
            Announcement.Type.EMERGENCY_RECOVERY, Severity.CRITICAL, "down", Map.of()));

    assertThat(paged.await(30, TimeUnit.SECONDS)).isTrue();
    notifier.after(facts, ok(true));
    notifier.ended(facts, ok(true));
    assertThat(desk.requests())
        .extracting(request -> request.getUrl())
        .startsWith("/team", "/pager")
        .hasSize(4);
  }

  @Test
  void anOperationOfAnOpenIncidentEscalatesFromItsBeginning() throws Exception {
    desk.configured(
        """
        channels:
          team: {type: webhook, url: "%1$s/team"}
          pager: {type: webhook, url: "%1$s/pager"}
        escalation: {0m: [team], 10m: [pager]}
        """
            .formatted(desk.url("")));
    desk.cli()
        .expect(
            0,
            "send-notification",
            "migration_failed",
            "--channel",
            "team",
            "--incident-began",
            "11m");
    CountDownLatch paged = new CountDownLatch(1);
    desk.server.addMockServiceRequestListener(
        (request, response) -> {
          if (request.getUrl().equals("/pager")) {
            paged.countDown();
          }
        });
    Notifier notifier = new Notifier();
    Facts facts = facts("rollback-migration");

    notifier.before(facts);

    assertThat(paged.await(30, TimeUnit.SECONDS)).isTrue();
    notifier.ended(facts, ok(true));
  }

  @Test
  void aSignalIsToldInAHurry() {
    desk.configured(
        "channels: {hook: {type: webhook, url: \"%s\", timeout: 60s}}"
            .formatted(desk.url("/hook")));
    desk.server.stubFor(any(anyUrl()).willReturn(aResponse().withFixedDelay(30_000)));
    long begin = System.nanoTime();

    new Notifier().ended(facts("migrate"), outcome(null, true, null));

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    assertThat(desk.requests()).hasSize(1);
    assertThat(desk.bodies().get(0).get("severity").asString()).isEqualTo("critical");
  }
}
