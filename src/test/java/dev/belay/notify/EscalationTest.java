package dev.belay.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.belay.support.Cli;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who hears of an incident, and when; rate limits and fallbacks. */
class EscalationTest {
  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void start() {
    desk = new Desk(folder);
    desk.server.stubFor(any(anyUrl()).willReturn(ok()));
  }

  @AfterEach
  void stop() {
    desk.close();
  }

  private void stages(String escalation) {
    desk.configured(
        """
        channels:
          team: {type: webhook, url: "%1$s/team"}
          pager: {type: webhook, url: "%1$s/pager", %2$s}
          cto: {type: webhook, url: "%1$s/cto"}
        escalation: %3$s
        """
            .formatted(desk.url(""), Desk.QUICK, escalation));
  }

  private List<String> told() {
    List<String> paths = desk.requests().stream().map(LoggedRequest::getUrl).sorted().toList();
    desk.server.resetRequests();
    return paths;
  }

  private Cli.Result send(int status, String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "send-notification";
    System.arraycopy(words, 0, all, 1, words.length);
    return desk.cli().expect(status, all);
  }

  @Test
  void anIncidentReachesMorePeopleTheLongerItLasts() {
    stages("{0m: [team], 5m: [pager], 30m: [cto]}");

    send(0, "operation_completed", "-m", "nothing is wrong");
    assertThat(told()).as("what is no incident").containsExactly("/team");

    send(0, "migration_failed", "-m", "V7 failed");
    assertThat(told()).as("at its beginning").containsExactly("/team");

    send(0, "operation_failed", "-m", "V7 failed again", "--incident-began", "6m");
    assertThat(told()).as("a later event of it, after 6 min").containsExactly("/pager", "/team");

    send(0, "--escalate");
    assertThat(told()).as("nothing is due").isEmpty();

    send(0, "--resolve", "-m", "V6 again");
    assertThat(told()).as("who knew of it").containsExactly("/pager", "/team");

    send(11, "--resolve");
    send(0, "--escalate");
    assertThat(told()).as("there is none any more").isEmpty();
  }

  @Test
  void cronTellsThoseWhoseTimeHasComeAndTriesAgainWhoFailed() {
    stages("{0m: [team], 5m: [pager], 30m: [cto]}");
    send(0, "migration_failed", "-m", "V7 failed", "--incident-began", "1m");
    send(0, "migration_failed", "-m", "V7", "--incident-began", "40m", "--channel", "team");
    told();
    desk.server.stubFor(post(urlPathEqualTo("/pager")).willReturn(status(400)));

    Cli.Result dry = send(0, "--escalate", "--dry-run");
    assertThat(told()).isEmpty();
    Cli.Result first = send(12, "--escalate");
    assertThat(told()).containsExactly("/cto", "/pager");
    desk.server.stubFor(post(urlPathEqualTo("/pager")).willReturn(ok()));
    send(0, "--escalate");
    assertThat(told()).containsExactly("/pager");
    send(0, "--escalate");
    assertThat(told()).isEmpty();

    assertThat(dry.out()).contains("would tell pager").contains("would tell cto");
    assertThat(first.out()).contains("not told pager").contains("told cto").contains("since ");
  }

  @Test
  void anIncidentOfAnotherDatabaseIsAnother() {
    stages("{0m: [team], 5m: [pager], 30m: [cto]}");
    send(0, "migration_failed", "-m", "V7 failed", "--incident-began", "10m");
    told();

    send(0, "migration_failed", "-m", "V9 failed", "--url", "postgresql://app@127.0.0.1:1/other");

    assertThat(told()).containsExactly("/team");
  }

  @Test
  void theFallbackIsToldWhereAChannelCannotBe() {
    desk.configured(
        """
        channels:
          team: {type: webhook, url: "http://127.0.0.1:1/", fallback: mail, retries: 1}
          mail: {type: webhook, url: "%1$s/mail", events: none, fallback: last}
          last: {type: webhook, url: "%1$s/last", events: none}
        """
            .formatted(desk.url("")));

    Cli.Result result = send(0, "operation_failed", "-m", "x");
    assertThat(result.out())
        .contains("told mail in place of team")
        .contains("refuses the connection");
    assertThat(told()).containsExactly("/mail");

    desk.server.stubFor(post(urlPathEqualTo("/mail")).willReturn(status(404)));
    Cli.Result further = send(0, "operation_failed", "-m", "x");
    assertThat(further.out()).contains("told last in place of team");
    assertThat(told()).containsExactly("/last", "/mail");
  }

  @Test
  void aChannelThatHadEnoughIsSparedAndToldHowManyItMissed() {
    desk.configured(
        "channels: {team: {type: webhook, url: \"%s\", rateLimit: 2/h}}".formatted(desk.url("/t")));

    send(0, "operation_completed", "-m", "1");
    send(0, "operation_completed", "-m", "2");
    Cli.Result held = send(11, "operation_completed", "-m", "3");
    send(11, "operation_completed", "-m", "4");
    assertThat(desk.requests()).hasSize(2);
    send(0, "emergency_recovery", "-m", "critical is never held back");

    assertThat(held.out()).contains("not told team").contains("2 in 1 h 0 min (rateLimit)");
    assertThat(desk.requests()).hasSize(3);
    assertThat(desk.bodies().get(2).get("facts").get("held back before").asString())
        .isEqualTo("2 messages to this channel");
  }

  @Test
  void whatIsGraverIsNotHeldBackByWhatIsNot() {
    desk.configured(
        "channels: {team: {type: webhook, url: \"%s\", rateLimit: 1/h}}".formatted(desk.url("/t")));

    send(0, "operation_completed", "-m", "1");
    send(11, "operation_completed", "-m", "2");
    send(0, "operation_failed", "-m", "3");
    send(11, "operation_failed", "-m", "4");

    assertThat(desk.requests()).hasSize(2);
  }

  @Test
  void aRateIsCountedOverItsWholeTime() {
    desk.configured(
        "remember: 1h\nchannels: {team: {type: webhook, url: \"%s\", rateLimit: 1/7d}}"
            .formatted(desk.url("/t")));

    assertThat(NotifyReading.read(desk.settings()).kept()).isEqualTo(Duration.ofDays(7));
  }

  @Test
  void channelsHearOnlyWhatTheyWant() {
    desk.configured(
        """
        channels:
          all: {type: webhook, url: "%1$s/all"}
          bad: {type: webhook, url: "%1$s/bad", minSeverity: error}
          data: {type: webhook, url: "%1$s/data", events: [data_integrity_issue, migration-failed]}
        """
            .formatted(desk.url("")));

    send(0, "operation_completed", "-m", "x");
    assertThat(told()).containsExactly("/all");
    send(0, "data_integrity_issue", "-m", "x");
    assertThat(told()).containsExactly("/all", "/data");
    send(0, "migration_failed", "-m", "x");
    assertThat(told()).containsExactly("/all", "/bad", "/data");
    send(0, "operation_completed", "-m", "x", "--channel", "bad");
    assertThat(told()).containsExactly("/bad");
  }

  @Test
  void aDryRunSendsAndRemembersNothing() {
    stages("{0m: [team]}");

    Cli.Result dry = send(0, "migration_failed", "-m", "V7 failed", "--dry-run");

    assertThat(told()).isEmpty();
    assertThat(dry.out()).contains("would tell team").contains("| Issue: V7 failed");
    assertThat(folder.resolve(".belay")).doesNotExist();
    send(11, "--resolve");
  }
}
